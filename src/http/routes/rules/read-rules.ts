import { Type } from 'typebox'
import { RuleDecision, Rules } from '../../../contract/native/rules.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { compilePathRules, decidePath } from '../../../model/path-rules.ts'
import { parsePathParameter } from '../../input/path-parameter.ts'
import { etagOfRules, presentDecision, presentRules } from '../../present/path-rules.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

const Query = Type.Object(
  { path: Type.String({ minLength: 1, description: 'Of an asset or a folder; nothing need be there.' }) },
  { additionalProperties: false },
)

/** `GET /api/v1/rules`: the path rules in force. `GET /api/v1/rules/decision?path=…`: what they say of a path, and which one decides. */
export function readRules(server: Server, { pathRules }: HttpServices): void {
  server.get(
    '/api/v1/rules',
    { config: { scope: 'read' }, schema: { tags: ['native'], summary: 'Show the path rules', response: { 200: Rules } } },
    async (_request, reply) => {
      const rules = await pathRules.read()
      reply.header('etag', etagOfRules(rules))
      return presentRules(rules)
    },
  )
  server.get(
    '/api/v1/rules/decision',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['native'],
        summary: 'Tell what the path rules say of a path',
        querystring: Query,
        response: { 200: RuleDecision, 400: ProblemDetails },
      },
    },
    async (request) => {
      const path = parsePathParameter(request.query.path, '/path')
      const { rules } = await pathRules.read()
      return presentDecision(path, decidePath(compilePathRules(rules), path))
    },
  )
}
