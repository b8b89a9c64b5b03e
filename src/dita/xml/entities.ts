import type { Buffer } from 'node:buffer'
import { maxDeclarations, maxEntityDepth, maxEntityExpansionBytes, maxEntityExpansionFactor } from '../../model/document-limits.ts'
import { fail, failNotWellFormed, type Scan, shown } from './scan-state.ts'

/** A general entity of the internal subset. External and unparsed ones are known by name only. */
export type Entity =
  | { readonly kind: 'internal'; readonly name: string; readonly replacement: Buffer; isOpen: boolean }
  | { readonly kind: 'external' | 'unparsed'; readonly name: string }

type InternalEntity = Extract<Entity, { kind: 'internal' }>

/** The text around an entity reference, to go back to. */
export interface EntityFrame {
  readonly entity: InternalEntity
  readonly bytes: Buffer
  readonly pos: number
  readonly end: number
  readonly referenceOffset: number
  /** Open elements at the reference: the replacement text must close what it opens, and nothing else. */
  readonly depth: number
}

/** Goes on with the replacement text of an entity. `pos` is behind the reference, which began at `start`. */
export function enterEntity(scan: Scan, entity: InternalEntity, start: number): void {
  if (entity.isOpen) fail(scan, 'ENTITY_RECURSION', `The entity “${shown(entity.name)}” refers to itself.`, start)
  if (scan.frames.length >= maxEntityDepth) {
    fail(scan, 'ENTITY_EXPANSION_LIMIT', `Entities refer to one another over more than ${maxEntityDepth} levels.`, start)
  }
  scan.expandedBytes += entity.replacement.length
  const allowed = Math.min(maxEntityExpansionBytes, maxEntityExpansionFactor * scan.documentLength)
  if (scan.expandedBytes > allowed) {
    fail(scan, 'ENTITY_EXPANSION_LIMIT', `The entities of the document expand to more than ${allowed} bytes.`, start)
  }
  const { bytes, pos, end, referenceOffset, depth } = scan
  scan.frames.push({ entity, bytes, pos, end, referenceOffset, depth })
  scan.referenceOffset = scan.offsetOf(start)
  scan.bytes = entity.replacement
  scan.pos = 0
  scan.end = entity.replacement.length
  entity.isOpen = true
}

/** Goes back to the text around the reference at the end of a replacement text. */
export function leaveEntity(scan: Scan): void {
  const frame = scan.frames.pop()!
  if (scan.depth !== frame.depth) {
    failNotWellFormed(scan, `The entity “${shown(frame.entity.name)}” opens an element that it does not close.`)
  }
  frame.entity.isOpen = false
  scan.bytes = frame.bytes
  scan.pos = frame.pos
  scan.end = frame.end
  scan.referenceOffset = frame.referenceOffset
}

/** The number of elements that the current text may not close. */
export function depthFloor(scan: Scan): number {
  return scan.frames.length === 0 ? 0 : scan.frames[scan.frames.length - 1]!.depth
}

/** An entity that is referred to but not declared: fatal, unless a declaration may stand where nobody looked (XML 1.0, 4.1). */
export function skipUndeclared(scan: Scan, name: string, start: number): void {
  if (scan.standalone || !scan.hasUnreadDeclarations) {
    failNotWellFormed(scan, `The entity “${shown(name)}” is not declared.`, start)
  }
  scan.handler.skippedEntity?.(name, scan.offsetOf(start))
}

/** Counts what is kept of the internal subset until the end of the scan. */
export function countDeclaration(scan: Scan): void {
  if (++scan.declarations > maxDeclarations) {
    fail(scan, 'LIMIT_ELEMENTS', `The internal subset has more than ${maxDeclarations} declarations.`)
  }
}
