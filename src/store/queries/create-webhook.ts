import { type Selectable, sql, type Transaction } from 'kysely'
import type { Schema, WebhookTable } from '../schema-types.ts'
import { readEventBounds } from './read-events.ts'

/** A webhook to be stored. */
export type NewWebhook = Pick<
  WebhookTable,
  'id' | 'url' | 'description' | 'format' | 'types' | 'paths' | 'secret' | 'enabled' | 'created_by'
>

/** What answers show of a webhook: never its secrets. */
export const webhookColumns = [
  'id',
  'url',
  'description',
  'format',
  'types',
  'paths',
  'previous_secrets_until',
  'enabled',
  'disabled_reason',
  'position',
  'failing_since',
  'created_by',
  'created_at',
  'changed_at',
] as const satisfies readonly (keyof WebhookTable)[]
export type WebhookRow = Pick<Selectable<WebhookTable>, (typeof webhookColumns)[number]>

/** Why a webhook is off that its maker has not switched on. */
const notSwitchedOn = 'It was never switched on.'

/** Stores a webhook for everything that happens from now on. `null`: there are `most` already. */
export async function createWebhook(trx: Transaction<Schema>, webhook: NewWebhook, most: number): Promise<WebhookRow | null> {
  // Two at a time could both be the last one.
  await sql`lock table assay.webhook in share row exclusive mode`.execute(trx)
  const { count } = await trx
    .selectFrom('assay.webhook')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count >= most) return null
  const { newest } = await readEventBounds(trx)
  return trx
    .insertInto('assay.webhook')
    .values({ ...webhook, disabled_reason: webhook.enabled ? null : notSwitchedOn, position: newest })
    .returning(webhookColumns)
    .executeTakeFirstOrThrow()
}
