import { mayBeDocument } from './asset-type.ts'
import { maxDocumentBytes } from './document-limits.ts'
import { minLargeDocumentBytes } from './large-limits.ts'

/**
 * Whether reading this document may take so much memory that no other such document should be read at the same time, and that its thread is
 * replaced afterwards if its heap has grown. A document over `maxDocumentBytes` is not meant: only its beginning is looked at.
 */
export function isLargeDocument({ path, size }: { readonly path: string; readonly size: number }): boolean {
  return size >= minLargeDocumentBytes && size <= maxDocumentBytes && mayBeDocument(path)
}
