import type { FastifyRequest } from 'fastify'
import { ApiError, type InputFinding } from '../../../contract/errors.ts'
import { type AssetPath, InvalidPathError, parseAssetPath } from '../../../model/asset-path.ts'
import { maxInputFindings } from '../../../model/http-limits.ts'
import { maxStatusJobPaths } from '../../../model/limits.ts'
import type { CollectedInput, Field } from './collect-input.ts'
import { readInput } from './read-input.ts'

/** Paths to report on, and paths to leave out with all below them. */
export interface StatusOrder {
  readonly included: readonly AssetPath[]
  readonly excluded: readonly AssetPath[]
}

/** What a request orders. Throws one ApiError that lists every wrong value. */
export async function readOrder(request: FastifyRequest): Promise<StatusOrder> {
  return toOrder(await readInput(request))
}

function toOrder({ fields, findings: wrongTypes }: CollectedInput): StatusOrder {
  for (const [name, label] of [
    ['included', 'paths'],
    ['excluded', 'excludedPaths'],
  ] as const) {
    const count = fields.reduce((sum, field) => sum + (field.name === name ? 1 : 0), 0)
    if (count > maxStatusJobPaths) throw new ApiError('tooManyPaths', `There are ${count} ${label}; the limit is ${maxStatusJobPaths}.`)
  }
  const findings: InputFinding[] = [...wrongTypes]
  const order = { included: [] as AssetPath[], excluded: [] as AssetPath[] }
  for (const field of fields) {
    const path = parse(field, findings)
    if (path) order[field.name].push(path)
  }
  if (wrongTypes.length > 0) throw inputError('invalidInput', 'A value has the wrong type.', findings)
  if (findings.length > 0) throw inputError('invalidPath', 'Some paths cannot be used.', findings)
  if (order.included.length === 0) throw new ApiError('pathMissing', 'Neither "paths" nor "path" holds a path.')
  return order
}

function parse(field: Field, findings: InputFinding[]): AssetPath | null {
  try {
    return parseAssetPath(field.value)
  } catch (error) {
    if (!(error instanceof InvalidPathError)) throw error
    findings.push({ pointer: field.pointer, detail: error.message })
    return null
  }
}

function inputError(kind: 'invalidInput' | 'invalidPath', detail: string, findings: readonly InputFinding[]): ApiError {
  return new ApiError(kind, detail, { errors: findings.slice(0, maxInputFindings) })
}
