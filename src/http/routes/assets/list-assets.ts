import { Readable } from 'node:stream'
import { type Static, Type } from 'typebox'
import { AssetSummary } from '../../../contract/native/asset.ts'
import { PageOf, pageParameters } from '../../../contract/native/page.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { pathKey } from '../../../model/asset-path.ts'
import { assetStatuses } from '../../../model/asset-status.ts'
import { assetTypes } from '../../../model/asset-type.ts'
import { defaultPageItems, maxPageItems } from '../../../model/http-limits.ts'
import type { AssetRow } from '../../../store/queries/find-asset.ts'
import { findStoredPaths } from '../../../store/queries/find-stored-paths.ts'
import { type AssetFilter, listAssets } from '../../../store/queries/list-assets.ts'
import { createCursor, readCursor } from '../../cursor.ts'
import { parsePathParameter } from '../../input/path-parameter.ts'
import { presentAsset } from '../../present/asset.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

const Status = Type.Enum([...assetStatuses])
const AssetTypeName = Type.Enum([...assetTypes])

const Query = Type.Object(
  {
    folder: Type.Optional(Type.String({ description: 'Assets in and below this folder.' })),
    direct: Type.Optional(Type.Boolean({ description: 'Only those directly in the folder.' })),
    status: Type.Optional(Type.Union([Status, Type.Array(Status)])),
    type: Type.Optional(Type.Union([AssetTypeName, Type.Array(AssetTypeName)])),
    ignored: Type.Optional(
      Type.Boolean({
        description: 'Whether path rules ignore them. By default all are listed, with a status only those that are post-processed.',
      }),
    ),
    code: Type.Optional(Type.String({ pattern: '^[A-Z][A-Z0-9_]{1,63}$', description: 'Code of a problem they have.' })),
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of the path or title.' })),
    ...pageParameters,
  },
  { additionalProperties: false },
)

/** `GET /api/v1/assets`: a page of assets in path order, or all of them as one JSON object a line for `Accept: application/x-ndjson`. */
export function listAssetsRoute(server: Server, services: HttpServices): void {
  server.get(
    '/api/v1/assets',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['native'],
        summary: 'List assets',
        querystring: Query,
        response: { 200: PageOf(AssetSummary), 400: ProblemDetails },
      },
    },
    async (request, reply) => {
      const filter = filterOf(request.query)
      const after = readCursor(request.query.cursor)
      if (request.headers.accept?.includes('application/x-ndjson')) {
        return reply.type('application/x-ndjson').send(Readable.from(streamLines(services, filter, after), { objectMode: false }) as never)
      }
      const limit = request.query.limit ?? defaultPageItems
      const rows = await listPage(services, filter, after, limit + 1)
      const items = rows.slice(0, limit).map(presentAsset)
      return { items, nextCursor: rows.length > limit ? createCursor(items.at(-1)!.path) : null }
    },
  )
}

async function* streamLines(services: HttpServices, filter: AssetFilter, after: string): AsyncGenerator<string> {
  for (;;) {
    const rows = await listPage(services, filter, after, maxPageItems)
    if (rows.length > 0) yield `${rows.map((row) => JSON.stringify(presentAsset(row))).join('\n')}\n`
    if (rows.length < maxPageItems) return
    after = rows.at(-1)!.path
  }
}

/** A folder has one spelling, so only where nothing is found below the one that was asked for it may be stored in another Unicode form. */
async function listPage({ database: { kysely } }: HttpServices, filter: AssetFilter, after: string, limit: number): Promise<AssetRow[]> {
  const rows = await listAssets(kysely, filter, after, limit)
  const { folder } = filter
  if (rows.length > 0 || folder === undefined) return rows
  const stored = (await findStoredPaths(kysely, [folder])).get(pathKey(folder))
  return stored && stored.path !== folder ? listAssets(kysely, { ...filter, folder: stored.path }, after, limit) : rows
}

function filterOf({ folder, direct, status, type, ignored, code, q }: Static<typeof Query>): AssetFilter {
  return {
    folder: folder === undefined ? undefined : parsePathParameter(folder, '/folder'),
    direct,
    statuses: status === undefined ? undefined : [status].flat(),
    types: type === undefined ? undefined : [type].flat(),
    ignored,
    code,
    text: q,
  }
}
