import fc, { type Arbitrary } from 'fast-check'
import { anyText, arbitraryOf, knownPaths } from './arbitrary-value.ts'
import type { Operation, Schema } from './openapi.ts'

/** One request as it goes over the wire. */
export interface GeneratedRequest {
  readonly operation: Operation
  /** Path and query, encoded. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Values that exist on the server, by the name of the parameter that takes them. */
export type KnownValues = Readonly<Record<string, readonly string[]>>

/** As it stands in the URL: what no encoder would write. None has a slash, which would lead to another address. */
const rawTexts = ['%', '%zz', '%00', '%ff', '%2e%2e', '..', '.', '%2F', '%252F', '%ED%A0%80', '%C0%AE', ';a=b', '+', "'", '[', '{}', '*']

const headerTexts: Readonly<Record<string, readonly string[]>> = {
  accept: ['*/*', 'application/x-ndjson', 'text/html', ';;'],
  'accept-encoding': ['gzip', 'identity', 'gzip;q=0', '*', 'br'],
  prefer: ['wait=1', 'wait=0', 'wait=-1', 'wait=x', 'respond-async'],
  range: ['bytes=0-0', 'bytes=-1', 'bytes=5-1', 'bytes=0-99999999999999999', 'bytes=0-1,2-3', 'items=0-1', 'bytes=x-y'],
  'if-match': ['*', '"x"', 'W/"x"', '""', ','],
  'if-none-match': ['*', '"x"', 'W/"x"', '"'],
  'if-range': ['"x"', 'yesterday'],
  'if-unmodified-since': ['Thu, 26 Nov 2026 10:00:00 GMT', 'tomorrow'],
  'if-modified-since': ['Thu, 26 Nov 2026 10:00:00 GMT', 'yesterday'],
  'content-encoding': ['gzip', 'identity'],
  'x-request-id': ['ok', 'a b', '<script>', 'x'.repeat(500)],
  'sec-fetch-site': ['cross-site', 'same-origin'],
  origin: ['null', 'https://evil.example', 'not a url'],
  'transfer-encoding': ['chunked'],
  'x-http-method-override': ['DELETE'],
  'x-forwarded-for': ['1.2.3.4', '::', 'garbage, 1.2.3.4'],
}

const contentTypes = [
  'application/json',
  'text/plain',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'application/xml',
  ';',
  'a/b; c=d',
]

/** Requests to an operation: mostly such as it is described, and every kind of wrong. `authorization`: the right credential. */
export function requestTo(operation: Operation, known: KnownValues, authorization: string): Arbitrary<GeneratedRequest> {
  const credential = fc.oneof(
    { weight: 20, arbitrary: fc.constant({ authorization }) },
    { weight: 1, arbitrary: fc.constantFrom({}, { authorization: 'Basic eDp5' }, { authorization: 'Bearer x' }) },
  )
  return fc
    .record({ target: targetOf(operation, known), extra: extraHeaders, credential, sent: bodyOf(operation) })
    .map(({ target, extra, credential: proof, sent }) => ({
      operation,
      target,
      headers: { ...extra, ...proof, ...(sent.type !== null && { 'content-type': sent.type }) },
      body: sent.body,
    }))
}

/** No `chain` here and below: with it, making a request took ten times as long as answering it. */
const oneHeader: Arbitrary<[string, string] | null> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...Object.entries(headerTexts).flatMap(([name, all]) => all.map((value): [string, string] => [name, value])),
    ),
  },
)
const extraHeaders: Arbitrary<Record<string, string>> = fc
  .tuple(oneHeader, oneHeader)
  .map((pairs) => Object.fromEntries(pairs.filter((pair) => pair !== null)))

/** Some of the members. */
function someOf<T>(members: Record<string, Arbitrary<T>>): Arbitrary<T[]> {
  return fc.record(members, { requiredKeys: [] }).map((chosen) => Object.values(chosen) as T[])
}

function targetOf({ path, parameters = [] }: Operation, known: KnownValues): Arbitrary<string> {
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  const names = fc.record(Object.fromEntries(inPath.map(({ name }) => [name, segmentOf(name, known)])))
  const query = someOf(Object.fromEntries(inQuery.map(({ name, schema }) => [name, queryOf(name, schema, known)]))).map((parts) =>
    parts.flat().join('&'),
  )
  const nonsense = fc.constantFrom('', 'x=1', '%', '=', '&&', '__proto__=1')
  return fc.tuple(names, fc.oneof({ weight: 8, arbitrary: query }, { weight: 1, arbitrary: nonsense })).map(([values, text]) => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!)
    return text === '' ? filled : `${filled}?${text}`
  })
}

function segmentOf(name: string, known: KnownValues): Arbitrary<string> {
  const wellKnown = name === 'path' ? knownPaths.map((path) => path.slice('/content/dam/'.length)).filter(Boolean) : (known[name] ?? [])
  const encoded = anyText.filter((text) => text !== '').map(encodeURIComponent)
  const odd = fc.oneof(encoded, fc.constantFrom(...rawTexts))
  return wellKnown.length === 0 ? odd : fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...wellKnown) }, { weight: 1, arbitrary: odd })
}

/** `name=value`, repeated for an array. */
function queryOf(name: string, schema: Schema, known: KnownValues): Arbitrary<string[]> {
  const values = [...(known[name] ?? []), ...(name === 'path' || name === 'folder' || name === 'target' ? knownPaths : [])]
  const fitting = values.length === 0 ? arbitraryOf(schema) : fc.oneof(fc.constantFrom(...values), arbitraryOf(schema))
  const texts = fitting.map((value) => [value].flat().map((one) => encodeURIComponent(typeof one === 'string' ? one : JSON.stringify(one))))
  return fc
    .oneof({ weight: 8, arbitrary: texts }, { weight: 1, arbitrary: fc.constantFrom(...rawTexts).map((raw) => [raw]) })
    .map((all) => all.map((text) => `${name}=${text}`))
}

interface SentBody {
  readonly type: string | null
  readonly body: string | null
}

function bodyOf({ requestBody }: Operation): Arbitrary<SentBody> {
  const nothing = fc.constant<SentBody>({ type: null, body: null })
  if (!requestBody) return fc.oneof({ weight: 8, arbitrary: nothing }, { weight: 1, arbitrary: garbage })
  const described = Object.entries(requestBody.content).map(([type, { schema }]) => bodyOfType(type, schema ?? {}))
  return fc.oneof({ weight: 8, arbitrary: fc.oneof(...described) }, { weight: 1, arbitrary: garbage }, { weight: 1, arbitrary: nothing })
}

const garbage: Arbitrary<SentBody> = fc.record({
  type: fc.constantFrom(...contentTypes),
  body: fc.oneof(
    anyText,
    fc.constantFrom(
      '{',
      '[1,',
      '{"a":1}{',
      '"\\ud800"',
      '['.repeat(5000),
      '{"__proto__":{"polluted":1}}',
      '{"paths":"/a","constructor":{"prototype":{}}}',
    ),
  ),
})

function bodyOfType(type: string, schema: Schema): Arbitrary<SentBody> {
  if (type === 'application/json') return arbitraryOf(schema).map((value) => ({ type, body: JSON.stringify(value) ?? '' }))
  const fields = fieldsOf(schema)
  if (type === 'application/x-www-form-urlencoded') {
    return fields.map((pairs) => ({ type, body: pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&') }))
  }
  if (type === 'multipart/form-data') return fields.map((pairs) => ({ type: `${type}; boundary=xyz`, body: multipartOf(pairs) }))
  return anyText.map((body) => ({ type, body }))
}

/** Form fields: a value for each name, several for an array. */
function fieldsOf({ properties = {} }: Schema): Arbitrary<[string, string][]> {
  const one = ([name, schema]: [string, Schema]) =>
    arbitraryOf(/path|target|file/i.test(name) ? { enum: knownPaths } : schema).map((value) =>
      [value]
        .flat()
        .map((item): [string, string] => [name, (typeof item === 'string' ? item : (JSON.stringify(item) ?? '')).toWellFormed()]),
    )
  const members = Object.entries(properties).map(([name, schema]) => [name, one([name, schema])] as const)
  return someOf(Object.fromEntries(members)).map((all) => all.flat())
}

function multipartOf(pairs: readonly [string, string][]): string {
  const parts = pairs.map(([name, value]) => {
    const file = name === 'file' ? `; filename="${value.replace(/["\r\n]/g, '').slice(0, 500)}"` : ''
    return `--xyz\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`
  })
  return `${parts.join('')}--xyz--\r\n`
}
