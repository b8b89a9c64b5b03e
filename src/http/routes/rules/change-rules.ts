import { ApiError } from '../../../contract/errors.ts'
import { ChangeRulesRequest, Rules } from '../../../contract/native/rules.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { maxInputFindings } from '../../../model/http-limits.ts'
import { rulesApplyWaitMs } from '../../../model/path-rule-limits.ts'
import { compilePathRules, InvalidRulesError, type PathRules, type RuleFinding } from '../../../model/path-rules.ts'
import type { PathRuleStore } from '../../../processing/path-rule-ports.ts'
import { acceptsEtag } from '../../conditional.ts'
import { etagOfRules, presentRules } from '../../present/path-rules.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/**
 * `PUT /api/v1/rules`: puts both lists in force, at once for whatever comes, and applies them to what is there: the answer waits for that a few
 * seconds, in a large repository it goes on behind. With `If-Match`, only where they are as the caller has seen them.
 */
export function changeRules(server: Server, { pathRules }: HttpServices): void {
  server.put(
    '/api/v1/rules',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Change the path rules',
        body: ChangeRulesRequest,
        response: { 200: Rules, 400: ProblemDetails, 412: ProblemDetails },
      },
    },
    async (request, reply) => {
      const rules = parseRules(request.body)
      const wanted = request.headers['if-match']
      const changed = await pathRules.change(rules, request.identity!.name, (found) => acceptsEtag(wanted, etagOfRules(found)))
      if (!changed) throw new ApiError('preconditionFailed', 'Somebody else has changed the rules.')
      const applied = changed.applied ? changed : await applyFor(pathRules, rulesApplyWaitMs)
      reply.header('etag', etagOfRules(changed))
      return presentRules(applied.version === changed.version ? applied : changed)
    },
  )
}

async function applyFor(pathRules: PathRuleStore, waitMs: number) {
  const endsAt = performance.now() + waitMs
  while (performance.now() < endsAt && !(await pathRules.applyNext()));
  return pathRules.read()
}

function parseRules(body: ChangeRulesRequest): PathRules {
  try {
    return compilePathRules(body).rules
  } catch (error) {
    if (!(error instanceof InvalidRulesError)) throw error
    const errors = error.findings.slice(0, maxInputFindings).map((finding) => ({ pointer: pointerOf(finding), detail: finding.detail }))
    throw new ApiError('invalidInput', 'Some of the rules cannot be used. Nothing was changed.', { errors })
  }
}

function pointerOf({ list, index }: RuleFinding): string {
  return index === null ? `/${list}` : `/${list}/${index}`
}
