import { statusAddress } from '../../support/assay-api.ts'
import type { AssayServer } from '../../support/assay-server.ts'
import { rawRequest } from '../../support/raw-http.ts'

interface Attempt {
  readonly what: string
  readonly head: readonly string[]
  readonly body?: string
  /** What may be answered; 0: the connection is closed without an answer. */
  readonly allowed: readonly number[]
}

const refused = [400, 404, 405, 413, 414, 415, 431] as const

/** What no name may do: leave the repository, in every way to write it. */
const traversals = [
  '../x',
  '..%2fx',
  '%2e%2e/x',
  '%2e%2e%2fx',
  '.%2e/x',
  '..%5cx',
  '..\\x',
  '%252e%252e%252fx',
  '..%c0%afx',
  '%c0%ae%c0%ae/x',
  '..%e0%80%afx',
  '%uff0e%uff0e/x',
  './../x',
  'a/../../x',
  'a/..%00/x',
  '%00',
  'a%00.dita',
  '....//x',
  '/..',
  '..;/x',
  '%2e',
  '.',
  '..',
  'a/./b',
  'C:%5cx',
  '%5c%5cserver%5cx',
  'a%0d%0aX-Injected:%201',
  'a%0aX-Injected:1',
].map((path) => `/content/dam/traversal/${path}`)

const pollution = [
  '{"paths":"/content/dam","__proto__":{"polluted":1}}',
  '{"paths":"/content/dam","\\u005f_proto__":{"polluted":1}}',
  '{"paths":"/content/dam","constructor":{"prototype":{"polluted":1}}}',
]

/** Requests that a decent client would not send. Gives those that were answered as if they were. */
export async function tryRequests(server: AssayServer): Promise<string[]> {
  const findings: string[] = []
  for (const { what, head, body, allowed } of attemptsOn(server)) {
    const answer = await rawRequest(server.url, [...head], body)
    if (!allowed.includes(answer.status)) findings.push(`${what}: ${answer.status} ${answer.body.slice(0, 200)}`)
    if (answer.headers.has('x-injected')) findings.push(`${what}: a header was injected`)
  }
  return findings
}

function attemptsOn({ authorization }: AssayServer): Attempt[] {
  const credential = `Authorization: ${authorization}`
  const json = (what: string, body: string, allowed: readonly number[] = refused): Attempt => ({
    what,
    head: [`POST ${statusAddress} HTTP/1.1`, credential, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`],
    body,
    allowed,
  })
  const headers = (what: string, ...lines: string[]): Attempt => ({
    what,
    head: ['PUT /content/dam/smuggled.dita HTTP/1.1', credential, ...lines],
    body: 'x',
    allowed: [0, ...refused],
  })
  return [
    // Some of them are names like others once they are decoded; then they are stored under that name and nowhere else.
    ...traversals.map(
      (path): Attempt => ({
        what: `PUT ${path}`,
        head: [`PUT ${path} HTTP/1.1`, credential, 'Content-Length: 1'],
        body: 'x',
        allowed: [0, 200, 201, ...refused],
      }),
    ),
    ...pollution.map((body) => json(body, body)),
    json('JSON of 400,000 levels', '['.repeat(400_000)),
    json('JSON objects of 100,000 levels', '{"a":'.repeat(100_000)),
    // The answer comes before the body has; where the client wants the connection closed, that may take the answer along.
    json('JSON of 5 MB', `{"paths":"${'x'.repeat(5_000_000)}"}`, [0, 413]),
    json('a number of a million digits', `{"paths":${'9'.repeat(1_000_000)}}`),
    headers('two lengths', 'Content-Length: 1', 'Content-Length: 2'),
    headers('length and chunks', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
    headers('a negative length', 'Content-Length: -1'),
    headers('a length in words', 'Content-Length: one'),
    headers('a length that is too large', 'Content-Length: 99999999999999999999'),
    headers('chunks twice', 'Transfer-Encoding: chunked, chunked'),
    headers('an unknown transfer', 'Transfer-Encoding: gzip'),
    headers('a blank before the colon', 'Content-Length : 1'),
    headers('a folded header', 'X-Folded: a', ' b', 'Content-Length : 1'),
    headers('a lone CR', 'X-Odd: a\rX-Injected: 1', 'Content-Length: 1'),
    headers('a NUL', 'X-Odd: a\0b', 'Content-Length: 1'),
    headers('20 kB of headers', `X-Long: ${'x'.repeat(20_000)}`, 'Content-Length: 1'),
    { what: 'a method of its own', head: ['BREW /content/dam/x HTTP/1.1'], allowed: [0, ...refused, 501] },
    { what: 'a proxy request', head: ['GET http://169.254.169.254/latest HTTP/1.1', credential], allowed: [0, ...refused] },
    { what: 'CONNECT', head: ['CONNECT 127.0.0.1:22 HTTP/1.1', credential], allowed: [0, ...refused] },
  ]
}
