import { type Static, Type } from 'typebox'

/** What the health checks answer. */
export const Health = Type.Object({ status: Type.Enum(['ok', 'unavailable']) })
export type Health = Static<typeof Health>
