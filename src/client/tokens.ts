import type { ApiToken, CreatedToken, CreateTokenRequest } from '../contract/native/token.ts'
import { maxPageItems } from '../model/http-limits.ts'
import { readJsonObject, requireText } from './json-answer.ts'
import type { Send } from './transport.ts'

const endpoint = '/api/v1/tokens'

/** Makes a token. Not repeated by itself: a lost answer would leave a token behind that nobody knows. */
export function createToken(send: Send, request: CreateTokenRequest): Promise<CreatedToken> {
  const headers = { 'content-type': 'application/json' }
  return send({ method: 'POST', target: endpoint, headers, body: JSON.stringify(request), repeatable: false }, async (response) => {
    const answer = await readJsonObject(response)
    requireText(answer, 'token')
    return answer as unknown as CreatedToken
  })
}

/** All tokens, without their secrets, newest first. */
export async function listTokens(send: Send): Promise<readonly ApiToken[]> {
  const tokens: ApiToken[] = []
  for (let cursor: unknown = ''; typeof cursor === 'string'; ) {
    const target = `${endpoint}?limit=${maxPageItems}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    const page = await send({ method: 'GET', target, repeatable: true }, readJsonObject)
    tokens.push(...((page.items ?? []) as ApiToken[]))
    cursor = page.nextCursor
  }
  return tokens
}

/** Revokes a token: it is refused from now on. */
export function revokeToken(send: Send, id: string): Promise<void> {
  return send(
    { method: 'DELETE', target: `${endpoint}/${encodeURIComponent(id)}`, repeatable: true, isRemoval: true },
    async (response) => {
      await response.body?.cancel()
    },
  )
}
