import type { SirenEntity, SirenLink } from '../../contract/dam/assets-api.ts'
import { type AssetPath, nameOf, parentOf, repositoryRoot } from '../../model/asset-path.ts'
import { assetStatuses } from '../../model/asset-status.ts'
import { canonicalName, type Properties } from '../../model/properties.ts'
import type { ChildrenPage, DescribedAssetRow, FolderRow } from '../../store/queries/list-children.ts'
import { urlPathOf } from '../url-path.ts'
import { assetsApiAddress } from './assets-api-result.ts'

/** A page of a folder's children as the request asked for it. */
export interface SirenPage extends ChildrenPage {
  readonly offset: number
  readonly limit: number
  /** Properties that the children are to show besides their names and titles. */
  readonly shown: readonly string[]
}

/** The document above the root folder: it names the services there are, of which Assay has one. `base`: the address of the server. */
export function presentSirenServices(base: string): SirenEntity {
  const assets = `${base}${assetsApiAddress(repositoryRoot)}.json`
  return {
    class: ['core/services'],
    entities: [{ rel: ['child'], class: ['core/service'], links: [{ rel: ['self'], href: assets }], properties: { name: 'assets' } }],
    links: [
      { rel: ['self'], href: `${base}/api.json` },
      { rel: ['assets'], href: assets },
    ],
    actions: [],
    properties: { name: 'api' },
  }
}

/** A folder with a page of its children in the form of the Assets HTTP API. `base`: the address of the server. */
export function presentSirenFolder(base: string, folder: FolderRow, page: SirenPage): SirenEntity {
  const { total, offset, limit, shown } = page
  const self = `${base}${assetsApiAddress(folder.path)}`
  const children = [
    ...page.folders.map((row) => child(base, 'assets/folder', row.path, propertiesOfFolder(row), shown)),
    ...page.assets.map((row) => child(base, 'assets/asset', row.path, propertiesOfAsset(row), shown)),
  ]
  return {
    class: ['assets/folder'],
    entities: children,
    links: linksOf(base, folder.path),
    actions: [
      action('add-folder', 'POST', `${self}/*`, 'Add Folder', ['name', 'title']),
      action('update', 'PUT', self, 'Update Folder', ['data'], 'application/vnd.siren+json'),
      action('delete', 'DELETE', self, 'Delete Folder', []),
      action('add-asset', 'POST', `${self}/*`, 'Add Asset', ['name', 'file'], 'multipart/form-data'),
    ],
    properties: { name: nameOf(folder.path), ...propertiesOfFolder(folder), 'srn:paging': { total, offset, limit } },
  }
}

/** An asset in the form of the Assets HTTP API. */
export function presentSirenAsset(base: string, asset: DescribedAssetRow): SirenEntity {
  const self = `${base}${assetsApiAddress(asset.path)}`
  return {
    class: ['assets/asset'],
    entities: [],
    links: [...linksOf(base, asset.path), { rel: ['content'], href: `${base}${urlPathOf(asset.path)}` }],
    actions: [
      action('update', 'PUT', self, 'Update Asset', ['data'], 'application/vnd.siren+json'),
      action('delete', 'DELETE', self, 'Delete Asset', []),
    ],
    properties: { name: nameOf(asset.path), ...propertiesOfAsset(asset) },
  }
}

function linksOf(base: string, path: string): SirenLink[] {
  const parent = path === repositoryRoot ? '/api' : assetsApiAddress(parentOf(path as AssetPath))
  return [
    { rel: ['self'], href: `${base}${assetsApiAddress(path)}.json` },
    { rel: ['parent'], href: `${base}${parent}.json` },
  ]
}

function child(base: string, kind: string, path: string, properties: Properties, shown: readonly string[]) {
  const wanted = ['dc:title', ...shown.map(canonicalName)].filter((name) => Object.hasOwn(properties, name))
  return {
    rel: ['child'],
    class: [kind],
    links: [{ rel: ['self'], href: `${base}${assetsApiAddress(path)}.json` }],
    properties: { name: nameOf(path), ...Object.fromEntries(wanted.map((name) => [name, properties[name]])) },
  }
}

function propertiesOfFolder({ created_at, properties }: FolderRow): Properties {
  return { 'jcr:created': created_at.toISOString(), ...given(properties) }
}

/** What was said about an asset wins over what was read in it. */
function propertiesOfAsset(row: DescribedAssetRow): Properties {
  return {
    'jcr:created': row.created_at.toISOString(),
    'jcr:lastModified': row.received_at.toISOString(),
    'asset:size': row.size,
    'asset:readonly': false,
    'dc:format': row.media_type,
    ...(row.title !== null && { 'dc:title': row.title }),
    'assay:uuid': row.uuid,
    'assay:status': assetStatuses[row.status]!,
    'assay:revision': row.revision,
    ...given(row.properties),
  }
}

function given(properties: string | null): Properties {
  return properties === null ? {} : (JSON.parse(properties) as Properties)
}

function action(name: string, method: string, href: string, title: string, fields: readonly string[], type?: string) {
  return {
    name,
    method,
    href,
    title,
    ...(type !== undefined && { type }),
    fields: fields.map((field) => ({ name: field, type: field === 'file' ? 'file' : 'text' })),
  }
}
