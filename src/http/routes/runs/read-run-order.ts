import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../../contract/errors.ts'
import { type AssetPath, InvalidPathError, parseAssetPath } from '../../../model/asset-path.ts'
import { maxInputFindings } from '../../../model/http-limits.ts'
import { maxIdempotencyKeyCharacters } from '../../../model/run-limits.ts'

/** Paths of a run, normalised as those of status jobs. Throws one ApiError that names every wrong one. */
export function parseRunPaths(path: string, excluded: readonly string[]): { readonly path: AssetPath; readonly excluded: AssetPath[] } {
  const findings: { readonly pointer: string; readonly detail: string }[] = []
  const parse = (value: string, pointer: string) => {
    try {
      return parseAssetPath(value)
    } catch (error) {
      if (!(error instanceof InvalidPathError)) throw error
      findings.push({ pointer, detail: error.message })
      return '/' as AssetPath
    }
  }
  const parsed = { path: parse(path, '/path'), excluded: excluded.map((one, index) => parse(one, `/excludedPaths/${index}`)) }
  if (findings.length > 0) throw new ApiError('invalidPath', 'Some paths cannot be used.', { errors: findings.slice(0, maxInputFindings) })
  return parsed
}

/** Bounds on when an asset was created, both included. Throws an ApiError where nothing can lie between them. */
export function requireInterval(fromMs: number | null, toMs: number | null, pointer: string): void {
  if (fromMs === null || toMs === null || fromMs <= toMs) return
  throw new ApiError('invalidInput', 'The times leave nothing to process.', {
    errors: [{ pointer, detail: 'is before the time from which on assets are meant: exchange the two' }],
  })
}

/** A client that has lost the answer sends the same request with the same key again, and gets the run that it has started. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined || (typeof key === 'string' && key.length > 0 && key.length <= maxIdempotencyKeyCharacters)) return key
  throw new ApiError('invalidInput', `The Idempotency-Key must have 1 to ${maxIdempotencyKeyCharacters} characters.`)
}
