/** Shapes of single values that bodies of several resources have. */
import { type TSchema, Type } from 'typebox'

/** A point in time. */
export const Instant = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' })

/** A value that may be `null`; `description` says when it is, or what it is. */
export function orNull<Schema extends TSchema>(schema: Schema, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description })
}
