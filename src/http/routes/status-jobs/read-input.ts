import type { FastifyRequest } from 'fastify'
import { maxStatusJobBodyBytes } from '../../../model/limits.ts'
import { queryPairs } from '../../input/parse-form.ts'
import { readFields } from '../../input/read-fields.ts'
import { type CollectedInput, collectFromJson, collectFromPairs, isInputName } from './collect-input.ts'

/** Body and query of a start of a status job, together. Throws an ApiError where no form fits. */
export async function readInput(request: FastifyRequest): Promise<CollectedInput> {
  const query = collectFromPairs(queryPairs(request.url))
  const read = await readFields(request, { limitBytes: maxStatusJobBodyBytes, json: true, isField: isInputName })
  const body = read.form === 'json' ? collectFromJson(read.value) : collectFromPairs(read.pairs)
  return { fields: [...body.fields, ...query.fields], findings: [...body.findings, ...query.findings] }
}
