import { type Static, Type } from 'typebox'
import { Instant, orNull } from '../shapes.ts'
import { scopes } from './scope.ts'

/** A token to make. Without `expiresAt` it does not expire. */
export const CreateTokenRequest = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'For people: what the token is for.' }),
    scopes: Type.Array(Type.Enum([...scopes]), { minItems: 1, uniqueItems: true }),
    expiresAt: Type.Optional(Instant),
  },
  { additionalProperties: false },
)
export type CreateTokenRequest = Static<typeof CreateTokenRequest>

/** A token without its secret. */
export const ApiToken = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.Enum([...scopes])),
  createdBy: Type.String(),
  createdAt: Instant,
  expiresAt: orNull(Instant),
  revokedAt: orNull(Instant),
})
export type ApiToken = Static<typeof ApiToken>

/** The only answer that holds the token itself: it is not stored and cannot be shown again. */
export const CreatedToken = Type.Object({ ...ApiToken.properties, token: Type.String() })
export type CreatedToken = Static<typeof CreatedToken>
