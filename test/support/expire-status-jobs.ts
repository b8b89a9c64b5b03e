import { sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { noDiskLimits } from './test-database.ts'

/** Makes all status jobs of a stopped server older than they are kept: the shortest time that can be configured is a day. */
export async function expireStatusJobs(where: { readonly dataDirectory: string; readonly databaseUrl: string | null }): Promise<void> {
  const { dataDirectory, databaseUrl } = where
  await using database = await openDatabase(databaseUrl === null ? { dataDirectory, disk: noDiskLimits } : { url: databaseUrl })
  await sql`update assay.status_job set expires_at = now() - interval '1 second'`.execute(database.kysely)
}
