import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { apiOf, type JobAnswer, topic } from '../../support/assay-api.ts'
import type { AssayServer } from '../../support/assay-server.ts'
import { type GeneratedRequest, type KnownValues, requestTo } from './arbitrary-request.ts'
import { knownPaths } from './arbitrary-value.ts'
import { type Answer, createJudge } from './judge-answer.ts'
import { type Operation, operationsOf } from './openapi.ts'

/** A request whose answer was wrong, with what is wrong about it. One for each operation and kind of wrong. */
export interface Finding {
  readonly what: string
  readonly request: GeneratedRequest
  readonly answer: Answer
  count: number
}

export interface FuzzReport {
  readonly requests: number
  readonly statuses: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
}

const atOnce = 16
/** What is generated at a time: the values of a million requests do not fit into memory. */
const portion = 500
/** Tokens stay and are listed: making one each time would make every list of them longer than all other answers. */
const rareOperations: ReadonlySet<string> = new Set(['POST /api/v1/tokens'])

/** Sends `count` requests made from the server's own description. The same seed makes the same requests. */
export async function fuzzRequests(server: Pick<AssayServer, 'url' | 'authorization'>, count: number, seed: number): Promise<FuzzReport> {
  const api = apiOf(server)
  const known = await prepare(api)
  const operations = operationsOf((await (await api.send('/openapi.json')).json()) as { paths: Record<string, object> })
  const requests = fc.oneof(
    ...operations.map((operation) => ({
      weight: rareOperations.has(nameOf(operation)) ? 1 : 20,
      arbitrary: requestTo(operation, known, server.authorization),
    })),
  )
  const judge = createJudge()
  const statuses: Record<string, number> = {}
  const findings = new Map<string, Finding>()
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  try {
    for (let done = 0; done < count; done += portion) {
      const pending = fc.sample(requests, { numRuns: Math.min(portion, count - done), seed: seed + done })
      const send = async () => {
        for (let next = pending.pop(); next; next = pending.pop()) {
          const answer = await sendRequest(server.url, agent, next)
          statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
          const what = judge(next.operation, answer)
          if (what !== null) note(findings, what, next, answer)
        }
      }
      await Promise.all(Array.from({ length: atOnce }, send))
    }
  } finally {
    agent.destroy()
  }
  return { requests: count, statuses, findings: [...findings.values()] }
}

export function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`
}

/** A finding in words that are enough to repeat it. */
export function describeFinding({ what, request: { operation, target, headers, body }, answer, count }: Finding): string {
  const sent = `${operation.method} ${target.slice(0, 300)} ${JSON.stringify(headers)} ${JSON.stringify(body)?.slice(0, 300)}`
  return `${nameOf(operation)} (${count} times): ${what}\n  sent ${sent}\n  got ${answer.status} ${answer.body.slice(0, 300)}`
}

function note(findings: Map<string, Finding>, what: string, sent: GeneratedRequest, answer: Answer): void {
  const key = `${nameOf(sent.operation)} ${what}`
  const finding = findings.get(key) ?? { what, request: sent, answer, count: 0 }
  finding.count++
  findings.set(key, finding)
}

async function prepare(api: ReturnType<typeof apiOf>): Promise<KnownValues> {
  const uuids: string[] = []
  for (const path of knownPaths.filter((path) => /\.\w+$/.test(path))) uuids.push((await api.upload(path, topic(path))).uuid)
  const { jobId } = (await (await api.start({ paths: ['/content/dam'] }, { prefer: 'wait=10' })).json()) as JobAnswer
  const idOf = async (address: string, body: object) => {
    const response = await api.send(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return ((await response.json()) as { id: string }).id
  }
  const run = await idOf('/api/v1/runs', { path: '/content/dam/fuzz' })
  const webhook = await idOf('/api/v1/webhooks', { url: 'https://receiver.invalid/' })
  return { uuid: uuids, jobId: [jobId], processingId: [run], id: [run, webhook] }
}

/** Unpacked, if a generated Accept-Encoding has had it packed. */
async function wholeText(response: IncomingMessage): Promise<string> {
  const received = await buffer(response)
  const isPacked = response.headers['content-encoding'] === 'gzip' && received.length > 0
  return (isPacked ? gunzipSync(received) : received).toString()
}

/** Of a stream that never ends, what comes first. */
async function firstPart(response: IncomingMessage): Promise<string> {
  const [part] = await once(response, 'data')
  response.destroy()
  return String(part)
}

function sendRequest(url: string, agent: Agent, { operation, target, headers, body }: GeneratedRequest): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { hostname, port } = new URL(url)
  const length = body === null || headers['transfer-encoding'] ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const options = { hostname, port, agent, method: operation.method, path: target, headers: { ...headers, ...length } }
  const sent = request(options, (response) => {
    const { statusCode, headers: answered } = response
    const isEndless = answered['content-type']?.startsWith('text/event-stream') && operation.method !== 'HEAD'
    const reading = isEndless ? firstPart(response) : wholeText(response)
    reading.then((received) => resolve({ status: statusCode!, headers: answered, body: received }), reject)
  })
  sent.on('error', (cause) => reject(new Error(`${operation.method} ${target} got no answer`, { cause })))
  sent.end(body ?? undefined)
  return promise
}
