/** Asset types of AEM Guides' processing filter (`fileTypes`). Content decides before the extension. */
export const assetTypes = ['DITATOPIC', 'DITAMAP', 'DITAVAL', 'MARKDOWN', 'HTML/CSS', 'OTHERS'] as const
export type AssetType = (typeof assetTypes)[number]

const typesByExtension: ReadonlyMap<string, AssetType> = new Map([
  ['dita', 'DITATOPIC'],
  ['ditamap', 'DITAMAP'],
  ['bookmap', 'DITAMAP'],
  ['ditaval', 'DITAVAL'],
  ['md', 'MARKDOWN'],
  ['markdown', 'MARKDOWN'],
  ['mdita', 'MARKDOWN'],
  ['html', 'HTML/CSS'],
  ['htm', 'HTML/CSS'],
  ['xhtml', 'HTML/CSS'],
  ['hdita', 'HTML/CSS'],
  ['css', 'HTML/CSS'],
])

/** The lower-cased extension of a path or file name without its dot; an empty string where there is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase()
}

/** The type that the name promises: what an asset is taken for until its content has been read. */
export function typeByExtension(path: string): AssetType {
  return typesByExtension.get(extensionOf(path)) ?? 'OTHERS'
}

/** Whether the name promises something that is read as text. XML of other kinds may be DITA, or a picture. */
export function mayBeDocument(path: string): boolean {
  return typeByExtension(path) !== 'OTHERS' || ['xml', 'svg'].includes(extensionOf(path))
}
