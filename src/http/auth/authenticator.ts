import { timingSafeEqual } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ApiError } from '../../contract/errors.ts'
import type { Scope } from '../../contract/native/scope.ts'
import { maxDelayedAuthentications } from '../../model/http-limits.ts'
import { findToken } from '../../store/queries/find-token.ts'
import type { HttpServices } from '../services.ts'
import { CredentialMemory } from './credential-memory.ts'
import { FailureLedger } from './failure-ledger.ts'
import type { Identity } from './identity.ts'
import { sourceOf } from './source-of.ts'
import { digestSecret, parseToken } from './token-text.ts'

interface Proof {
  readonly identity: Identity
  /** Until the credential ends; `null`: it does not. */
  readonly validForMs: number | null
}

/** What was sent, before it is known to be right. `key` names who it claims to be. */
interface Claim {
  readonly key: string
  prove(): Promise<Proof | null>
}

/** Finds out who calls. One for a server: it remembers what was proved, and who guesses. */
export class Authenticator {
  readonly #services: Pick<HttpServices, 'database' | 'verifyAdminPassword'>
  readonly #stopping: AbortSignal
  readonly #ledger = new FailureLedger()
  readonly #memory = new CredentialMemory()
  readonly #running = new Map<string, Promise<Proof | null>>()
  #delayed = 0

  constructor(services: Pick<HttpServices, 'database' | 'verifyAdminPassword'>, stopping: AbortSignal) {
    this.#services = services
    this.#stopping = stopping
  }

  /** Who sent this Authorization header from `address`; `null` if it proves nothing. Waits when there were wrong ones before. */
  async authenticate(authorization: string, address: string): Promise<Identity | null> {
    const digest = this.#memory.digest(authorization)
    const known = this.#memory.recall(digest)
    if (known?.isFresh) return known.identity
    const claim = this.#read(authorization)
    const proof = await this.#proveOnce(digest, claim, known ? null : `${claim?.key ?? '?'} ${sourceOf(address)}`)
    if (proof) this.#memory.rememberRight(digest, proof.identity, proof.validForMs)
    else this.#memory.rememberWrong(digest)
    return proof?.identity ?? null
  }

  /** Makes sure that a revoked token is asked for again. */
  forgetToken(id: string): void {
    this.#memory.forget(tokenName(id))
  }

  #read(authorization: string): Claim | null {
    const [, scheme, value] = /^(\w+) +(\S+) *$/.exec(authorization) ?? []
    if (scheme?.toLowerCase() === 'basic') return this.#readBasic(value!)
    if (scheme?.toLowerCase() !== 'bearer') return null
    const parts = parseToken(value!)
    return parts && { key: tokenName(parts.id), prove: () => this.#proveToken(parts.id, parts.secret) }
  }

  #readBasic(value: string): Claim | null {
    const text = Buffer.from(value, 'base64').toString('utf8')
    const colon = text.indexOf(':')
    if (colon < 0) return null
    const prove = async () => {
      const right = text.slice(0, colon) === 'admin' && (await this.#services.verifyAdminPassword(text.slice(colon + 1)))
      return right ? { identity: { name: 'admin', scopes: ['admin' as const] }, validForMs: null } : null
    }
    return { key: `basic:${text.slice(0, Math.min(colon, 100))}`, prove }
  }

  async #proveToken(id: string, secret: string): Promise<Proof | null> {
    const row = await findToken(this.#services.database.kysely, id)
    // The same work for an unknown id as for a wrong secret: the time must not tell which it was.
    const right = timingSafeEqual(digestSecret(secret), row?.secretSha256 ?? Buffer.alloc(32))
    if (!row || !right || !row.valid) return null
    return { identity: { name: tokenName(id), scopes: row.scopes as Scope[] }, validForMs: row.validForMs }
  }

  /** Many requests with one new credential at once (a parallel upload) pay once. `guessKey`: whose guess it may be; `null` for nobody's. */
  #proveOnce(digest: string, claim: Claim | null, guessKey: string | null): Promise<Proof | null> {
    const running = this.#running.get(digest)
    if (running) return running
    const proof = this.#prove(claim, guessKey).finally(() => this.#running.delete(digest))
    this.#running.set(digest, proof)
    return proof
  }

  async #prove(claim: Claim | null, guessKey: string | null): Promise<Proof | null> {
    if (guessKey !== null) await this.#awaitTurn(guessKey)
    const proof = claim && (await claim.prove())
    if (proof && guessKey !== null) this.#ledger.forget(guessKey)
    return proof
  }

  async #awaitTurn(key: string): Promise<void> {
    const { mayTry, waitMs } = this.#ledger.book(key)
    if (mayTry && waitMs === 0) return
    if (!mayTry || this.#delayed >= maxDelayedAuthentications) throw tooManyAttempts(waitMs)
    this.#delayed++
    await delay(waitMs, undefined, { signal: this.#stopping }).catch(Boolean)
    this.#delayed--
  }
}

function tooManyAttempts(waitMs: number): ApiError {
  const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)) }
  return new ApiError('tooManyAttempts', 'Too many credentials from here were not right; the next one is looked at later.', { headers })
}

function tokenName(id: string): string {
  return `token:${id}`
}
