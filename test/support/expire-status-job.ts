import { sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'

/** Makes a status job older than it is kept: the shortest time that can be configured is a day. */
export async function expireStatusJob(databaseUrl: string, jobId: string): Promise<void> {
  await using database = await openDatabase({ url: databaseUrl })
  await sql`update assay.status_job set expires_at = now() - interval '1 second' where id = ${jobId}`.execute(database.kysely)
}
