import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from './openapi.ts'

/** Assets, folders and names that the values of a request may mean; without them hardly any request would get past the first check. */
export const knownPaths = [
  '/content/dam/fuzz',
  '/content/dam/fuzz/a.dita',
  '/content/dam/fuzz/b/c.ditamap',
  '/content/dam/fuzz/b',
  '/content/dam',
]

const hostileTexts = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '/content/dam/../../etc/passwd',
  '\\..\\windows',
  '\u0000',
  'a\r\nX-Injected: 1',
  '\u202e',
  '\ufeff',
  'caf\u0065\u0301',
  '🌱'.repeat(70),
  '__proto__',
  'constructor',
  "' or 1=1 --",
  '{{7*7}}',
  '<script>1</script>',
  '%2e%2e%2f',
  'x'.repeat(300),
  `/content/dam/${'long/'.repeat(500)}`,
  '-1',
  '0',
  '1e309',
  '99999999999999999999',
  'NaN',
  'null',
  'true',
  '[]',
  '2026-02-30T25:00:00Z',
]

export const anyText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.constantFrom(...knownPaths),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
)

/** Mostly a value of the schema; sometimes one on the edge of it, or of another kind altogether. */
export function arbitraryOf(schema: Schema): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 6, arbitrary: fitting(schema) },
    { weight: 1, arbitrary: anyText },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  )
}

function fitting(schema: Schema): Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(arbitraryOf))
  switch (schema.type) {
    case 'integer':
    case 'number':
      return numberOf(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 4 })
    case 'object':
      return objectOf(schema)
    case 'string':
      return anyText
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function numberOf({ minimum = -(2 ** 53), maximum = 2 ** 53 }: Schema): Arbitrary<number> {
  const edges = [minimum, maximum, minimum - 1, maximum + 1, 0, 1, 0.5, 2 ** 31, 2 ** 63]
  return fc.oneof(fc.constantFrom(...edges), fc.integer({ min: Math.max(minimum, -1000), max: Math.min(maximum, 1000) }))
}

function objectOf({ properties = {}, required = [] }: Schema): Arbitrary<unknown> {
  const members = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema)]))
  const complete = fc.record(members, { requiredKeys: [...required] })
  const extra = fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'extra', 'toString', ''), fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 2,
  })
  return fc.oneof(
    { weight: 6, arbitrary: complete },
    { weight: 1, arbitrary: fc.record(members, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.tuple(complete, extra).map(([own, more]) => ({ ...own, ...more })) },
  )
}
