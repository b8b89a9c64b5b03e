import type { AttributeDeclarations } from './attribute-declarations.ts'
import { AttributeList } from './attribute-list.ts'
import { ByteBuilder } from './byte-builder.ts'
import type { Entity, EntityFrame } from './entities.ts'
import type { XmlSource } from './events.ts'
import { LentText } from './lent-text.ts'
import type { XmlName } from './name-table.ts'
import { PrefixScopes } from './prefix-scopes.ts'

/** After a larger document the workspace is thrown away: its lists may have grown with it. */
const maxReusedDocumentBytes = 1024 * 1024

/** The lists and tables of a scan. To make them costs as much as to scan two kilobytes, so the next scan gets them emptied. */
export class Workspace {
  readonly builder = new ByteBuilder()
  readonly attributes = new AttributeList(this.builder)
  readonly text = new LentText()
  readonly prefixes = new PrefixScopes()
  /** Names of the open elements; those above the depth are left from earlier ones. */
  readonly open: XmlName[] = []
  /** Attribute names of the current tag that are not interned. */
  readonly crowdedNames = new Set<string>()
  readonly entities = new Map<string, Entity>()
  readonly attributeDeclarations = new Map<string, AttributeDeclarations>()
  readonly frames: EntityFrame[] = []

  /** Begins with a document. */
  begin(source: XmlSource): void {
    this.attributes.open(source)
    this.text.open(source)
  }

  private empty(): void {
    this.attributes.forget()
    this.text.forget()
    this.prefixes.clear()
    this.frames.length = 0
    if (this.crowdedNames.size > 0) this.crowdedNames.clear()
    if (this.entities.size > 0) this.entities.clear()
    if (this.attributeDeclarations.size > 0) this.attributeDeclarations.clear()
  }

  /** Keeps the workspace for the next scan of this thread. */
  release(documentBytes: number): void {
    if (documentBytes > maxReusedDocumentBytes) return
    this.empty()
    spare = this
  }
}

let spare: Workspace | undefined

/** A workspace of one's own for a document, until it is released: a handler may scan another one meanwhile. */
export function takeWorkspace(source: XmlSource): Workspace {
  const workspace = spare ?? new Workspace()
  spare = undefined
  workspace.begin(source)
  return workspace
}
