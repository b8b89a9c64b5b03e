import type { Reference } from '../reference.ts'

/** Whether the reference pulls or pushes DITA elements, as `coderef` and `include` do not. */
export function isConref({ attribute }: Reference): boolean {
  return attribute === 'conref' || attribute === 'conrefend' || attribute === 'data-conref'
}
