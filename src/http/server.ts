import type {} from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { Scope } from '../contract/native/scope.ts'
import type { Identity } from './auth/identity.ts'

/** Fastify with the types of values inferred from the route's schema. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. A server with a route that does not say it refuses to start. */
    scope?: Scope | 'public'
    /** How its body may arrive: `upload` as long as it keeps a minimum rate, otherwise within `requestTimeoutMs`. */
    body?: 'upload'
  }
  interface FastifyRequest {
    /** Who calls; `null` on public routes. */
    identity: Identity | null
    /** The Content-Type as it was sent, where the route reads any body itself; see `leaveBodiesToRoutes`. */
    claimedType: string | null
    /** Fires when the body comes too slowly. */
    bodySignal: AbortSignal | null
  }
  interface FastifyInstance {
    /** Fires when the server begins to shut down. */
    stopping: AbortSignal
  }
}
