import { type Static, Type } from 'typebox'

/** What AEM's Assets HTTP API answers to a request that changes something. */
export const AssetsApiResult = Type.Object({
  class: Type.Literal('core/response'),
  properties: Type.Object({
    path: Type.String({ description: 'Below /api/assets.' }),
    location: Type.String(),
    parentLocation: Type.String(),
    'status.code': Type.Integer(),
    'status.message': Type.String(),
  }),
})
export type AssetsApiResult = Static<typeof AssetsApiResult>
