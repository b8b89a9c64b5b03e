import { ClientError } from './client-error.ts'

/** Reads a JSON object. Anything else is a `protocol` error: a login page answered with status 200, a proxy's greeting. */
export async function readJsonObject(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text()
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Worded below, together with JSON that is no object.
  }
  const page = /^\s*<(!doctype|html)/i.test(text)
  throw new ClientError(`The server answered with ${page ? 'an HTML page' : 'something else'} where JSON was expected.`, {
    kind: 'protocol',
    status: response.status,
    remedy: page ? 'Check the URL and the credential: this may be a login page.' : 'Check the URL.',
  })
}

/** Reads a JSON object that is taken for what the server says it is: nothing in it is checked. */
export async function readAs<Answer>(response: Response): Promise<Answer> {
  return (await readJsonObject(response)) as Answer
}

/** The text of a member that has to be there. */
export function requireText(answer: Readonly<Record<string, unknown>>, name: string): string {
  const value = answer[name]
  if (typeof value === 'string' && value.trim() !== '') return value.trim()
  throw new ClientError(`The server's answer has no "${name}".`, {
    kind: 'protocol',
    remedy: 'Check that the URL is that of the server itself.',
  })
}
