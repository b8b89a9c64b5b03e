import { hash, randomBytes } from 'node:crypto'
import { maxVerifiedCredentials, verifiedCredentialMs } from '../../model/limits.ts'
import type { Identity } from './identity.ts'

interface Verified {
  readonly identity: Identity
  readonly until: number
}

/**
 * Remembers for a short time which Authorization headers were found to be right, by a keyed digest, never the header itself. Without it
 * each request with a token would pay for a query. A revoked token works on other nodes for
 * `verifiedCredentialMs` at most.
 */
export class VerifiedCredentials {
  readonly #key = randomBytes(32).toString('base64')
  readonly #verified = new Map<string, Verified>()
  /** Never valid again: a check that began before the revocation may end after it. */
  readonly #revoked = new Set<string>()

  digest(authorization: string): string {
    return hash('sha256', this.#key + authorization, 'base64')
  }

  find(digest: string): Identity | null {
    const entry = this.#verified.get(digest)
    if (!entry) return null
    if (entry.until > Date.now()) return entry.identity
    this.#verified.delete(digest)
    return null
  }

  /** `expiresAt`: when the credential itself ends, if it does. */
  remember(digest: string, identity: Identity, expiresAt: Date | null): void {
    if (this.#revoked.has(identity.name)) return
    const until = Math.min(Date.now() + verifiedCredentialMs, expiresAt?.getTime() ?? Number.POSITIVE_INFINITY)
    this.#verified.set(digest, { identity, until })
    if (this.#verified.size > maxVerifiedCredentials) this.#verified.delete(this.#verified.keys().next().value!)
  }

  /** The identity's credential was revoked. */
  forget(identityName: string): void {
    this.#revoked.add(identityName)
    for (const [digest, { identity }] of this.#verified) if (identity.name === identityName) this.#verified.delete(digest)
  }
}
