import type { ChangeRulesRequest, RuleDecision, Rules } from '../contract/native/rules.ts'
import { readAs, readJsonObject, requireText } from './json-answer.ts'
import type { Send } from './transport.ts'

const endpoint = '/api/v1/rules'

/** The path rules in force. */
export function readRules(send: Send, signal?: AbortSignal): Promise<Rules> {
  return send({ method: 'GET', target: endpoint, repeatable: true, signal }, readAs<Rules>)
}

/**
 * Changes the path rules, both lists at once. `seen`: only where they are still those; else it rejects with status 412. A lost answer is asked for
 * again, and may then be such a 412 although the change was made.
 */
export function changeRules(send: Send, rules: ChangeRulesRequest, seen?: Pick<Rules, 'version'>): Promise<Rules> {
  const { ignored, enabled } = rules
  const headers = { 'content-type': 'application/json', ...(seen && { 'if-match': `"rules-${seen.version}"` }) }
  return send({ method: 'PUT', target: endpoint, headers, body: JSON.stringify({ ignored, enabled }), repeatable: true }, readAs<Rules>)
}

/** What the path rules say of a path, and which of them decides. */
export function decideByRules(send: Send, path: string, signal?: AbortSignal): Promise<RuleDecision> {
  return send(
    { method: 'GET', target: `${endpoint}/decision?path=${encodeURIComponent(path)}`, repeatable: true, signal },
    async (response) => {
      const answer = await readJsonObject(response)
      requireText(answer, 'explanation')
      return answer as unknown as RuleDecision
    },
  )
}
