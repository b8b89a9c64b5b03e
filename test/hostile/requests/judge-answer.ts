import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Operation } from './openapi.ts'

/** What came back. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Traces of our insides: stacks, SQL, files. No generated request has any of them in it; `assay.asset.moved` is the name of an event. */
const leaks =
  /node_modules|\.[jt]s:\d|\bat \w+[ .(].*\(|\bselect .* from\b|\binsert into\b|pgboss|assay\.asset\b(?!\.)|\/(?:tmp|root|home|var)\//

/** Judges answers by what the description of the API says of them. Gives what is wrong, in words; `null` if nothing is. */
export function createJudge(): (operation: Operation, answer: Answer) => string | null {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const validators = new Map<object, ValidateFunction>()
  const validate = (schema: object, value: unknown): string | null => {
    const check = validators.get(schema) ?? ajv.compile(schema)
    validators.set(schema, check)
    return check(value) ? null : ajv.errorsText(check.errors)
  }
  return (operation, answer) => {
    const declared = operation.responses[answer.status]
    if (answer.status === 500) return 'a fault of ours'
    if (!declared) return `the status ${answer.status} is not declared`
    if (leaks.test(answer.body)) return 'shows something of our insides'
    if (!answer.headers['x-request-id']) return 'has no request id'
    if (answer.status === 503 && !answer.headers['retry-after']) return '503 without Retry-After'
    if (operation.method === 'HEAD') return answer.body === '' ? null : 'a body for HEAD'
    const type = String(answer.headers['content-type'] ?? '').split(';', 1)[0]!
    if (answer.status >= 400 && type !== 'application/problem+json') return `an error as ${type}`
    const schema = declared.content?.[type]?.schema
    if (!schema || !/json$/.test(type)) return null
    const value = parse(answer.body)
    if (value === undefined) return 'the body is not JSON'
    if (answer.status >= 400 && (value as { status?: unknown }).status !== answer.status) return 'the problem tells another status'
    const mismatch = validate(schema, value)
    return mismatch && `the body is not as described: ${mismatch}`
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
