import { Buffer } from 'node:buffer'
import { maxDistinctNames, maxDistinctNamesBytes } from '../../model/document-limits.ts'
import { intern } from '../../model/intern.ts'

/** A name as the scanner holds it. */
export interface XmlName {
  readonly text: string
  readonly bytes: Buffer
  readonly length: number
  readonly hash: number
  /** The namespace prefix that the name uses and that needs a declaration: `null` for none, `xml` and `xmlns`. */
  readonly prefix: string | null
  /** The prefix that an attribute of this name declares (`xmlns:p`), else `null`. */
  readonly declaredPrefix: string | null
  /** Equal names share this object. False for the names that found no room in the table. */
  readonly interned: boolean
  /** The last start tag that had an attribute of this name: finds duplicates without comparing pairs. */
  lastTag: number
}

/** A power of two, over three times {@link maxDistinctNames}: most names are found at the first look. */
const slotCount = 65_536

/** Longest search. Names made to collide find no room, and cost as much as any unknown name, instead of slowing every later search. */
const maxProbes = 16

/**
 * Interns names: bytes to one shared {@link XmlName}. A name that finds no room (table full, or a crowd of equal hashes) is made anew at
 * each occurrence; as nothing is ever removed, one name is either always interned or never.
 */
export class NameTable {
  private readonly slots: (XmlName | undefined)[] = new Array(slotCount).fill(undefined)
  private count = 0
  private countBytes = 0
  /** Whether a name found no room, so that a new table should serve the next document. */
  overflowed = false

  /** The interned name of these bytes, or `undefined` when it has not been met (or found no room). */
  find(bytes: Buffer, start: number, length: number, hash: number): XmlName | undefined {
    let slot = (hash ^ (hash >>> 15)) & (slotCount - 1)
    for (let probe = 0; probe < maxProbes; probe++) {
      const name = this.slots[slot]
      if (name === undefined) return undefined
      if (name.hash === hash && name.length === length && isAt(name.bytes, length, bytes, start)) return name
      slot = (slot + 1) & (slotCount - 1)
    }
    return undefined
  }

  /** Adds a name that {@link find} did not find. The bytes are copied. */
  add(bytes: Buffer, start: number, length: number, hash: number): XmlName {
    const slot = this.hasRoom(length) ? this.freeSlot(hash) : -1
    const name = createName(Buffer.from(bytes.subarray(start, start + length)), hash, slot >= 0)
    if (slot < 0) this.overflowed = true
    else {
      this.slots[slot] = name
      this.count++
      this.countBytes += length
    }
    return name
  }

  private hasRoom(length: number): boolean {
    return this.count < maxDistinctNames && this.countBytes + length <= maxDistinctNamesBytes
  }

  private freeSlot(hash: number): number {
    let slot = (hash ^ (hash >>> 15)) & (slotCount - 1)
    for (let probe = 0; probe < maxProbes; probe++) {
      if (this.slots[slot] === undefined) return slot
      slot = (slot + 1) & (slotCount - 1)
    }
    return -1
  }
}

function createName(bytes: Buffer, hash: number, interned: boolean): XmlName {
  const text = interned ? intern(bytes.toString()) : bytes.toString()
  const colon = text.indexOf(':')
  const prefix = colon > 0 ? text.slice(0, colon) : null
  return {
    text,
    bytes,
    length: bytes.length,
    hash,
    prefix: prefix === 'xml' || prefix === 'xmlns' ? null : prefix,
    declaredPrefix: prefix === 'xmlns' ? text.slice(colon + 1) : null,
    interned,
    lastTag: 0,
  }
}

function isAt(name: Buffer, length: number, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < length; i++) {
    if (name[i] !== bytes[start + i]) return false
  }
  return true
}

let shared = new NameTable()

/** The table of this thread; a new one after a document that overflowed the last, so that its names burden nobody else. */
export function sharedNameTable(): NameTable {
  if (shared.overflowed) shared = new NameTable()
  return shared
}
