import { SirenEntity } from '../../../contract/dam/assets-api.ts'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { defaultListedChildren, maxListedChildren } from '../../../model/limits.ts'
import { findDescribed } from '../../../store/queries/find-described.ts'
import { listChildren } from '../../../store/queries/list-children.ts'
import { baseUrlOf } from '../../base-url.ts'
import { damAddress, folderOfUrl } from '../../input/dam-path.ts'
import { queryPairs } from '../../input/parse-form.ts'
import { presentSirenAsset, presentSirenFolder } from '../../present/siren.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `GET /api/assets….json`: a folder with a page of its children, or an asset, as AEM's Assets HTTP API shows them. */
export function getAssetsApiResource(server: Server, services: HttpServices): void {
  const schema = {
    tags: ['dam'],
    summary: 'Show a folder or an asset in Siren form',
    response: { 200: SirenEntity, 400: ProblemDetails, 404: ProblemDetails },
  }
  for (const url of ['/api/assets.json', '/api/assets/*']) {
    server.get(url, { config: { scope: 'read' }, schema }, async (request) => {
      const base = baseUrlOf(request, services)
      const [address, ...query] = request.url.split('?')
      const { path } = folderOfUrl(damAddress(address!.replace(/\.json$/, '')))
      const found = await findDescribed(services.database.kysely, path)
      if (!found) throw new ApiError('assetNotFound', 'Neither an asset nor a folder is at this path.')
      if ('asset' in found) return presentSirenAsset(base, found.asset)
      const pairs = queryPairs(`?${query.join('?')}`)
      const offset = numberIn(pairs, 'offset', 0, Number.MAX_SAFE_INTEGER)
      const limit = numberIn(pairs, 'limit', defaultListedChildren, maxListedChildren)
      const shown = pairs.flatMap(([name, value]) => (name === 'showProperty' ? [value] : []))
      const page = await listChildren(services.database.kysely, found.folder.path, offset, limit)
      return presentSirenFolder(base, found.folder, { ...page, offset, limit, shown })
    })
  }
}

function numberIn(pairs: readonly (readonly [string, string])[], wanted: string, fallback: number, most: number): number {
  const text = pairs.findLast(([name]) => name === wanted)?.[1] ?? String(fallback)
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value <= most) return value
  throw new ApiError('invalidInput', 'The page cannot be made out.', {
    errors: [{ pointer: `/${wanted}`, detail: `must be a whole number from 0 to ${most}` }],
  })
}
