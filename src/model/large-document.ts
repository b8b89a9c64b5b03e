import { mayBeDocument } from './asset-type.ts'
import { minLargeDocumentBytes } from './large-limits.ts'
import { maxDocumentBytes } from './limits.ts'

/**
 * Whether it may take so much memory to read that it should not be done beside another such one, and that its thread is not kept for it. Of one that
 * is too large to be read, only the beginning is looked at.
 */
export function isLargeDocument({ path, size }: { readonly path: string; readonly size: number }): boolean {
  return size >= minLargeDocumentBytes && size <= maxDocumentBytes && mayBeDocument(path)
}
