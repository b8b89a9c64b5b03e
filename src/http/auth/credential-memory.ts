import { hash, randomBytes } from 'node:crypto'
import { maxRememberedCredentials, verifiedCredentialMs } from '../../model/http-limits.ts'
import type { Identity } from './identity.ts'

/** What is remembered of an Authorization header: whom it proved, or `null` if it was wrong. `isFresh`: that may still be relied on. */
export interface Recollection {
  readonly identity: Identity | null
  readonly isFresh: boolean
}

interface Entry {
  readonly identity: Identity
  readonly until: number
}

/**
 * Remembers for a short time which Authorization headers were found to be right or wrong, by a keyed digest, never the header itself.
 * Without it each request with a token would pay for a query, and a script with an old password would count as somebody who guesses. A
 * revoked token works on other nodes for `verifiedCredentialMs` at most.
 */
export class CredentialMemory {
  readonly #key = randomBytes(32).toString('base64')
  readonly #right = new Map<string, Entry>()
  /** Until when. Apart from the right ones, so that guesses do not push those out. */
  readonly #wrong = new Map<string, number>()
  /** Never valid again: a check that began before the revocation may end after it. */
  readonly #revoked = new Set<string>()
  readonly #now: () => number

  /** `now` in milliseconds, of a clock that nobody sets: one that was set back would let a revoked token work for days. */
  constructor(now: () => number = performance.now.bind(performance)) {
    this.#now = now
  }

  digest(authorization: string): string {
    return hash('sha256', this.#key + authorization, 'base64')
  }

  /** A right one is known for long, though it must be proved again after a while. */
  recall(digest: string): Recollection | null {
    const right = this.#right.get(digest)
    if (right) return { identity: right.identity, isFresh: right.until > this.#now() }
    return (this.#wrong.get(digest) ?? 0) > this.#now() ? { identity: null, isFresh: true } : null
  }

  /** `validForMs`: until the credential itself ends, if it does. */
  rememberRight(digest: string, identity: Identity, validForMs: number | null): void {
    if (this.#revoked.has(identity.name)) return
    const until = this.#now() + Math.min(verifiedCredentialMs, validForMs ?? Number.POSITIVE_INFINITY)
    keep(this.#right, digest, { identity, until })
  }

  rememberWrong(digest: string): void {
    this.#right.delete(digest)
    keep(this.#wrong, digest, this.#now() + verifiedCredentialMs)
  }

  /** The identity's credential was revoked. */
  forget(identityName: string): void {
    this.#revoked.add(identityName)
    for (const [digest, { identity }] of this.#right) if (identity.name === identityName) this.#right.delete(digest)
  }
}

function keep<Value>(entries: Map<string, Value>, digest: string, value: Value): void {
  entries.delete(digest)
  entries.set(digest, value)
  if (entries.size > maxRememberedCredentials) entries.delete(entries.keys().next().value!)
}
