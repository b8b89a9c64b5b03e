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

const SirenLink = Type.Object({ rel: Type.Array(Type.String()), href: Type.String() })
export type SirenLink = Static<typeof SirenLink>

const Values = Type.Record(Type.String(), Type.Unknown())

/** A folder or an asset as AEM's Assets HTTP API shows it (Siren). `srn:paging` is among the properties of a folder. */
export const SirenEntity = Type.Object({
  class: Type.Array(Type.String()),
  entities: Type.Array(
    Type.Object({ rel: Type.Array(Type.String()), class: Type.Array(Type.String()), links: Type.Array(SirenLink), properties: Values }),
  ),
  links: Type.Array(SirenLink),
  actions: Type.Array(
    Type.Object({
      name: Type.String(),
      method: Type.String(),
      href: Type.String(),
      title: Type.String(),
      type: Type.Optional(Type.String()),
      fields: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
    }),
  ),
  properties: Values,
})
export type SirenEntity = Static<typeof SirenEntity>
