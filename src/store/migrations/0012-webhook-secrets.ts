import { type Kysely, sql } from 'kysely'

/**
 * Any number of earlier secrets sign, each until an end of its own: with room for one, a second rotation ended the one that the receiver still knew. The two lists
 * are parallel, the last one to end comes first.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table assay.webhook
      add column previous_secrets text[] not null default '{}',
      add column previous_secrets_until timestamptz[] not null default '{}',
      add constraint previous_secrets_end check (cardinality(previous_secrets) = cardinality(previous_secrets_until))`.execute(db)
  await sql`
    update assay.webhook set previous_secrets = array[previous_secret], previous_secrets_until = array[previous_secret_until]
    where previous_secret_until > now()`.execute(db)
  await sql`alter table assay.webhook drop column previous_secret, drop column previous_secret_until`.execute(db)
}
