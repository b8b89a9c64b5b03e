import { type MessageCallback, Parser } from 'pg-protocol/dist/parser.js'
import { giveBackMemory } from '../give-back-memory.ts'

/** What of its parser `pg` keeps to itself. The beginning of a message that is still to come lies in `buffer`. */
interface OpenParser {
  buffer: Buffer
  bufferOffset: number
  readonly bufferLength: number
  mergeBuffer(bytes: Buffer): void
  handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message
  parse(bytes: Buffer, callback: MessageCallback): void
}

interface Message {
  readonly name: string
  readonly length: number
}

interface RowDescription extends Message {
  readonly fields: { format: 'text' | 'binary' }[]
}

const codes = { rowDescription: 0x54, dataRow: 0x44 } as const
/** Type and length before what a message holds. */
const headBytes = 5
/** What a socket gives at once. */
const socketReadBytes = 64 * 1024

/**
 * Reads what a server sends as `pg` does, but for rows that were asked for in binary: of their values `pg` (8.23) makes UTF-8 text, in which most bytes
 * are lost. Here they are views of what has come, of which `binaryColumnParsers` makes values at once. A `bytea` as text is its hex: twice the bytes to
 * write, send, decode and collect.
 */
export function createMessageParser(): Pick<OpenParser, 'parse'> {
  const parser = new Parser() as unknown as OpenParser
  const areRowsBinary = readBinaryRows(parser)
  makeRoomAtOnce(parser)
  return {
    parse(bytes, callback) {
      const before = parser.buffer
      parser.parse(bytes, callback)
      if (areRowsBinary()) giveBackMemory([before, bytes].filter((buffer) => buffer !== parser.buffer && buffer.length > 0))
    },
  }
}

/** Gives what tells whether rows come in binary, so that nobody looks any more at what was parsed. */
function readBinaryRows(parser: OpenParser): () => boolean {
  const handleText = parser.handlePacket.bind(parser)
  let isBinary = false
  parser.handlePacket = (offset, code, length, bytes) => {
    if (code === codes.dataRow && isBinary) return readRow(bytes, offset, length)
    const message = handleText(offset, code, length, bytes)
    if (code === codes.rowDescription) {
      const { fields } = message as RowDescription
      isBinary = fields.every(({ format }) => format === 'binary')
      // `pg` copies values that are binary.
      if (isBinary) for (const field of fields) field.format = 'text'
    }
    return message
  }
  return () => isBinary
}

/** The format of a row is that of PostgreSQL's protocol, DataRow: how many values, then each with its length, -1 for null. */
function readRow(bytes: Buffer, offset: number, length: number) {
  let at = offset + 2
  const fields = Array.from({ length: bytes.readInt16BE(offset) }, () => {
    const start = at + 4
    const size = bytes.readInt32BE(at)
    at = start + Math.max(size, 0)
    return size === -1 ? null : bytes.subarray(start, at)
  })
  return { name: 'dataRow', length, fieldCount: fields.length, fields }
}

/**
 * A long message gets all its room when its beginning is there, where `pg` doubles a buffer again and again: V8 takes every few megabytes of buffers
 * for a reason to collect.
 */
function makeRoomAtOnce(parser: OpenParser): void {
  const merge = parser.mergeBuffer.bind(parser)
  parser.mergeBuffer = (incoming) => {
    const { buffer, bufferOffset, bufferLength } = parser
    if (bufferLength > 0 && bufferOffset + bufferLength + incoming.length > buffer.length) {
      const announced = bufferLength < headBytes ? 0 : 1 + buffer.readInt32BE(bufferOffset + 1)
      const room = Buffer.allocUnsafeSlow(Math.max(announced, bufferLength + incoming.length) + socketReadBytes)
      buffer.copy(room, 0, bufferOffset, bufferOffset + bufferLength)
      parser.buffer = room
      parser.bufferOffset = 0
    }
    merge(incoming)
  }
}
