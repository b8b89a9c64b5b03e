import { type TSchema, Type } from 'typebox'
import { defaultPageItems, maxPageItems } from '../../model/http-limits.ts'
import { orNull } from '../shapes.ts'

/** A page of `items`; `nextCursor` is `null` on the last one. */
export function PageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: orNull(Type.String()),
  })
}

/** Query parameters of every list. */
export const pageParameters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxPageItems, default: defaultPageItems })),
  cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before.' })),
}
