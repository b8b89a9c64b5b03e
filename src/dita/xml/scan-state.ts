import type { Buffer } from 'node:buffer'
import type { AttributeDeclarations } from './attribute-declarations.ts'
import type { AttributeList } from './attribute-list.ts'
import type { ByteBuilder } from './byte-builder.ts'
import type { Entity, EntityFrame } from './entities.ts'
import { XmlError, type XmlErrorCode, type XmlHandler, type XmlSource } from './events.ts'
import type { LentText } from './lent-text.ts'
import { type NameTable, sharedNameTable, type XmlName } from './name-table.ts'
import type { PrefixScopes } from './prefix-scopes.ts'
import type { Workspace } from './workspace.ts'

/** What a reference to an external entity in content does: end the scan, or be reported as a skipped entity. */
export type ExternalEntities = 'refuse' | 'skip'

/**
 * All that one scan knows. The functions of this folder move `pos` over `bytes`, which is the document or, inside a reference, the
 * replacement text of the innermost entity; the texts around it wait in `frames`.
 */
export class Scan {
  readonly handler: XmlHandler
  readonly externalEntities: ExternalEntities
  readonly documentLength: number
  bytes: Buffer
  pos = 0
  end: number
  /** Offset of the outermost entity reference while inside one, else -1. */
  referenceOffset = -1

  readonly names: NameTable = sharedNameTable()
  readonly attributes: AttributeList
  readonly builder: ByteBuilder
  readonly prefixes: PrefixScopes
  readonly crowdedNames: Set<string>
  readonly entities: Map<string, Entity>
  readonly attributeDeclarations: Map<string, AttributeDeclarations>
  readonly frames: EntityFrame[]

  readonly open: XmlName[]
  depth = 0
  elements = 0

  declarations = 0
  expandedBytes = 0
  defaultedBytes = 0
  standalone = false
  /** The document has declarations that are not read: an external subset, or parameter entities that it refers to. */
  hasUnreadDeclarations = false
  /** Declarations after a reference to an unread parameter entity must not be used: it may have made them before (XML 1.0, 5.1). */
  ignoresDeclarations = false

  readonly text: LentText

  constructor(source: XmlSource, handler: XmlHandler, externalEntities: ExternalEntities, workspace: Workspace) {
    this.handler = handler
    this.externalEntities = externalEntities
    this.bytes = source.bytes
    this.end = this.bytes.length
    this.documentLength = this.end
    this.attributes = workspace.attributes
    this.builder = workspace.builder
    this.prefixes = workspace.prefixes
    this.crowdedNames = workspace.crowdedNames
    this.entities = workspace.entities
    this.attributeDeclarations = workspace.attributeDeclarations
    this.frames = workspace.frames
    this.open = workspace.open
    this.text = workspace.text
  }

  /** The offset to report for a place in `bytes`. */
  offsetOf(pos: number): number {
    return this.referenceOffset < 0 ? pos : this.referenceOffset
  }
}

/** Ends the scan. `pos` is a place in the current text. */
export function fail(scan: Scan, code: XmlErrorCode, message: string, pos: number = scan.pos): never {
  throw new XmlError(code, message, scan.offsetOf(pos))
}

/** Ends the scan because a well-formedness rule is broken. */
export function failNotWellFormed(scan: Scan, message: string, pos: number = scan.pos): never {
  return fail(scan, 'NOT_WELL_FORMED', message, pos)
}

/** A name cut to what a message may quote. */
export function shown(name: string): string {
  return name.length <= 60 ? name : `${name.slice(0, 60)}…`
}
