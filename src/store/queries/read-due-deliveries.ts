import { type Kysely, sql } from 'kysely'
import { deliveryStatuses } from '../../model/webhook.ts'
import type { DueDeliveries } from '../../processing/webhooks/ports.ts'
import type { Schema } from '../schema-types.ts'

interface DueRow {
  readonly webhook_position: number
  /** `null`: nothing is due. */
  readonly id: number | null
  readonly position: number | null
  readonly message: string
  readonly type: string
  readonly path: string | null
  readonly lane: string | null
  readonly body: string
  readonly failures: number
}

/** Deliveries of the worker's webhook whose time has come, in the order of their events; tests first. `null`: it is not the worker's, or off. */
export async function readDueDeliveries(db: Kysely<Schema>, worker: string, webhook: string, limit: number): Promise<DueDeliveries | null> {
  const { rows } = await sql<DueRow>`
    select w.position as webhook_position, d.* from assay.webhook w left join lateral (
      select id, position, message, type, path, lane, body, failures from assay.webhook_delivery
      where webhook = w.id and status = ${sql.lit(deliveryStatuses.indexOf('PENDING'))} and next_try_at <= now()
      order by position nulls first, id limit ${limit}
    ) d on true
    where w.id = ${webhook}::uuid and w.worker = ${worker}::uuid and w.enabled
    order by d.position nulls first, d.id`.execute(db)
  if (rows[0] === undefined) return null
  const due = rows.flatMap(({ id, position, message, type, path, lane, body, failures }) =>
    id === null ? [] : [{ delivery: id, id: message, type, path, lane, position, body, failures }],
  )
  return { due, position: rows[0].webhook_position }
}
