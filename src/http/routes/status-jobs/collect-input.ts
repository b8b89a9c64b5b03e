/**
 * What a start of a status job says, in whichever form it was sent. Every form becomes a list of fields, a name and
 * a value each; what is wrong is collected, not thrown, so that one answer can list it all.
 */
import type { InputFinding } from '../../../contract/errors.ts'

/** A value with the JSON pointer that names it to the caller. */
export interface Field {
  readonly name: 'included' | 'excluded'
  readonly pointer: string
  readonly value: string
}

/** What was understood of an input, and what is wrong with the rest. */
export interface CollectedInput {
  readonly fields: readonly Field[]
  readonly findings: readonly InputFinding[]
}

const names = new Map<string, Field['name']>([
  ['paths', 'included'],
  ['path', 'included'],
  ['excludedPaths', 'excluded'],
  ['excludedPath', 'excluded'],
])

/** Whether a form field or query parameter of this name is meant for us. */
export function isInputName(name: string): boolean {
  return meaningOf(name) !== undefined
}

/** Of a form field or query parameter; `paths[]` is how PHP and others name one that is repeated. */
function meaningOf(name: string): Field['name'] | undefined {
  return names.get(name.endsWith('[]') ? name.slice(0, -2) : name)
}

/** Fields of a JSON body: each name holds a string or an array of strings; `null` is the same as absent. Unknown names are ignored. */
export function collectFromJson(body: unknown): CollectedInput {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { fields: [], findings: [{ pointer: '', detail: 'must be an object such as {"paths": ["/content/dam/manual"]}' }] }
  }
  const fields: Field[] = []
  const findings: InputFinding[] = []
  for (const [key, name] of names) {
    const given: unknown = Object.hasOwn(body, key) ? (body as Record<string, unknown>)[key] : null
    if (given === null) continue
    const values: unknown[] = Array.isArray(given) ? given : [given]
    for (const [index, value] of values.entries()) {
      const pointer = Array.isArray(given) ? `/${key}/${index}` : `/${key}`
      if (typeof value === 'string') fields.push({ name, pointer, value })
      else findings.push({ pointer, detail: Array.isArray(given) ? 'must be a string' : 'must be a string or an array of strings' })
    }
  }
  return { fields, findings }
}

/**
 * Fields of a form or query, decoded: each occurrence of a name is one value, never split. An empty optional field is what a form sends
 * that was not filled in.
 */
export function collectFromPairs(pairs: Iterable<readonly [string, string]>): CollectedInput {
  const fields: Field[] = []
  const counts = new Map<string, number>()
  for (const [key, value] of pairs) {
    const name = meaningOf(key)
    if (name === undefined || (name === 'excluded' && value.trim() === '')) continue
    const index = counts.get(key) ?? 0
    counts.set(key, index + 1)
    fields.push({ name, pointer: `/${key}/${index}`, value })
  }
  return { fields, findings: [] }
}
