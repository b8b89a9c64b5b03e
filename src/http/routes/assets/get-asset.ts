import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { AssetDetail } from '../../../contract/native/asset.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { assetStatuses, isFinal } from '../../../model/asset-status.ts'
import { maxExplainAttempts, maxIncomingReferences } from '../../../model/http-limits.ts'
import type { Problem } from '../../../model/problem.ts'
import { type AssetRow, type ContentRow, findAssetByPath, findAssetByUuid } from '../../../store/queries/find-asset.ts'
import { listReferringAssets } from '../../../store/queries/list-referring-assets.ts'
import { type AssetResultRow, readAssetResult } from '../../../store/queries/read-asset-result.ts'
import { parsePathParameter } from '../../input/path-parameter.ts'
import { presentAssetDetail, problemsOf } from '../../present/asset-detail.ts'
import { inPieces } from '../../present/in-pieces.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { caughtUp } from './caught-up.ts'
import { withExcerpts } from './with-excerpts.ts'

type FoundAsset = AssetRow & ContentRow

const Params = Type.Object({ uuid: Type.String() })
const Query = Type.Object({ path: Type.String({ minLength: 1 }) }, { additionalProperties: false })
const response = { 200: AssetDetail, 400: ProblemDetails, 404: ProblemDetails }

/** `GET /api/v1/assets/{uuid}` and `GET /api/v1/assets/by-path?path=…`: one asset with its problems, facts and references. */
export function getAsset(server: Server, services: HttpServices): void {
  const { kysely } = services.database
  server.get(
    '/api/v1/assets/by-path',
    { config: { scope: 'read' }, schema: { tags: ['native'], summary: 'Show the asset at a path', querystring: Query, response } },
    async (request, reply) => {
      const path = parsePathParameter(request.query.path, '/path')
      return answer(reply, services, () => findAssetByPath(kysely, path))
    },
  )
  server.get(
    '/api/v1/assets/:uuid',
    { config: { scope: 'read' }, schema: { tags: ['native'], summary: 'Show an asset', params: Params, response } },
    async (request, reply) => answer(reply, services, () => findAssetByUuid(kysely, request.params.uuid)),
  )
}

async function answer(reply: FastifyReply, services: HttpServices, find: () => Promise<FoundAsset | null>): Promise<never> {
  return reply.type('application/json; charset=utf-8').send(inPieces(await explain(services, find))) as never
}

/** The JSON text of an `AssetDetail`. */
async function explain(services: HttpServices, find: () => Promise<FoundAsset | null>): Promise<string> {
  for (let attempt = 0; attempt < maxExplainAttempts; attempt++) {
    const asset = await find()
    if (!asset) throw new ApiError('assetNotFound', 'No asset has this path or UUID.')
    // Between two reads another revision was settled, or the asset was removed: a status must not be shown without its reasons.
    const detail = isFinal(assetStatuses[asset.status]!) ? await explainResult(services, asset) : await detailOf(services, asset, null, [])
    if (detail) return detail
  }
  throw new ApiError('unavailable', 'The asset changes faster than it can be read.', { headers: { 'retry-after': '1' } })
}

async function explainResult(services: HttpServices, found: FoundAsset): Promise<string | null> {
  const stored = await readAssetResult(services.database.kysely, found.id, found.revision)
  const current = stored && (await caughtUp(services, found, stored))
  if (!current) return null
  const { asset, result } = current
  const problems = await withExcerpts(services, asset, problemsOf(result))
  return problems && detailOf(services, asset, result, problems)
}

async function detailOf(services: HttpServices, asset: AssetRow, result: AssetResultRow | null, problems: readonly Problem[]) {
  const referring = await listReferringAssets(services.database.kysely, asset.fold_hash, maxIncomingReferences)
  return presentAssetDetail(asset, result, problems, referring)
}
