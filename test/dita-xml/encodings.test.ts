import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { XmlError } from '../../src/dita/xml/events.ts'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { recordEvents } from './record-events.ts'
import { verdictOf } from './scan-of.ts'

function declared(encoding: string, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><a>`), content, Buffer.from('</a>')])
}

function textOf(bytes: Uint8Array): string {
  return recordEvents(bytes)[1]!.slice('text '.length)
}

function openError(bytes: Uint8Array): XmlError {
  try {
    openXmlSource(bytes)
  } catch (error) {
    if (error instanceof XmlError) return error
    throw error
  }
  throw new Error('the source opened')
}

function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

describe('encodings', () => {
  const document = '<?xml version="1.0" encoding="UTF-16"?><a>Grüße 漢 😀</a>'

  test.each([
    ['UTF-8', Buffer.from('<a>Grüße 漢 😀</a>'), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from('\ufeff<a>Grüße 漢 😀</a>'), 'utf-8'],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${document}`, 'utf16le'), 'utf-16le'],
    ['UTF-16BE with a mark', bigEndian(`\ufeff${document}`), 'utf-16be'],
    ['UTF-16LE without a mark', Buffer.from(document, 'utf16le'), 'utf-16le'],
    ['UTF-16BE without a mark', bigEndian(document), 'utf-16be'],
    ['UTF-16LE with a mark and no declaration', Buffer.from('\ufeff<a>Grüße 漢 😀</a>', 'utf16le'), 'utf-16le'],
  ])('%s', (_, bytes, encoding) => {
    expect(textOf(bytes)).toBe('Grüße 漢 😀')
    expect(openXmlSource(bytes).encoding).toBe(encoding)
  })

  test.each([
    ['ISO-8859-1', [0xfc, 0x80, 0x93, 0xff], 'ü\u0080\u0093ÿ', 'iso-8859-1'],
    ['latin1', [0xe9], 'é', 'iso-8859-1'],
    ['windows-1252', [0x80, 0x93, 0x94, 0xfc], '€“”ü', 'windows-1252'],
    ['cp1252', [0x80], '€', 'windows-1252'],
    ['US-ASCII', [0x41], 'A', 'us-ascii'],
    ['iso-8859-15', [0xa4], '€', 'iso-8859-15'],
    ['Shift_JIS', [0x8f, 0x5c], '十', 'shift_jis'],
    ['EUC-JP', [0xbd, 0xbd], '十', 'euc-jp'],
    ['GB18030', [0xca, 0xae], '十', 'gb18030'],
    ['Big5', [0xa4, 0x51], '十', 'big5'],
    ['KOI8-R', [0xc1], 'а', 'koi8-r'],
  ])('%s', (label, content, text, encoding) => {
    const bytes = declared(label, Uint8Array.from(content))
    expect(textOf(bytes)).toBe(text)
    expect(openXmlSource(bytes).encoding).toBe(encoding)
  })

  test('UTF-8 is scanned where it lies, without a copy', () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(8))
    bytes.set(Buffer.from('<a>é</a>').subarray(0, 8))
    bytes[7] = 0x3e
    const plain = Buffer.from('\ufeff<a>é</a>')
    expect(openXmlSource(plain).bytes.buffer).toBe(plain.buffer)
    expect(openXmlSource(bytes).bytes.buffer).toBe(bytes.buffer)
  })

  test.each([
    ['UTF-32LE', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])],
    ['UTF-32BE', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x3c])],
    ['UTF-32 without a mark', Buffer.from([0, 0, 0, 0x3c, 0, 0, 0, 0x61])],
    ['EBCDIC', Buffer.from([0x4c, 0x6f, 0xa7, 0x94, 0x93])],
    ['UTF-7', declared('UTF-7', Buffer.from('x'))],
    ['an unknown name', declared('x-nobody-knows', Buffer.from('x'))],
  ])('%s is not supported', (_, bytes) => {
    expect(verdictOf(bytes)).toBe('UNSUPPORTED_ENCODING')
  })

  test.each([
    ['UTF-8 in a file marked UTF-16', Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-8"?><a/>', 'utf16le')],
    ['UTF-16 in a file that is not', declared('UTF-16', Buffer.from('x'))],
    ['ISO-8859-1 in a file marked UTF-8', Buffer.from('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?><a/>')],
    ['UTF-16BE in a file marked UTF-16LE', Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16BE"?><a/>', 'utf16le')],
  ])('a declaration of %s is wrong', (_, bytes) => {
    expect(verdictOf(bytes)).toBe('INVALID_ENCODING')
  })
})

describe('bytes that do not decode', () => {
  test.each([
    ['a lone continuation', [0x80], 0],
    ['an overlong slash', [0xc0, 0xaf], 0],
    ['a lead without its rest', [0x41, 0xc3, 0x28], 1],
    ['a surrogate (CESU-8)', [0xc3, 0xa9, 0xed, 0xa0, 0xbd], 2],
    ['beyond the last code point', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a sequence cut off by the end', [0x41, 0xf0, 0x9f, 0x98], 1],
  ])('UTF-8: %s', (_, content, bad) => {
    const error = openError(Buffer.concat([Buffer.from('<a>\n'), Buffer.from(content)]))
    expect(error).toMatchObject({ code: 'INVALID_ENCODING', offset: 4 + bad })
    expect(error.place).toEqual({ line: 2, column: bad === 0 ? 1 : 2 })
  })

  test('UTF-8: found exactly where a reference decoder stops', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (tail) => {
        const bytes = Buffer.concat([Buffer.from('<a>é'), tail])
        let isValid = true
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(bytes)
        } catch {
          isValid = false
        }
        if (isValid) expect(() => openXmlSource(bytes)).not.toThrow()
        else {
          const { offset } = openError(bytes)
          expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, offset))).not.toThrow()
          expect(bytes.subarray(0, offset + 4).toString()).toContain('\ufffd')
        }
      }),
    )
  })

  test('US-ASCII above 127', () => {
    const bytes = declared('US-ASCII', Buffer.from('é'))
    expect(openError(bytes)).toMatchObject({ code: 'INVALID_ENCODING', offset: bytes.indexOf(0xc3) })
  })

  test('other encodings: the place is counted in their characters', () => {
    const bytes = declared('Shift_JIS', Uint8Array.from([0x0a, 0x8f, 0x5c, 0x8f, 0x20]))
    expect(openError(bytes)).toMatchObject({ code: 'INVALID_ENCODING', place: { line: 2, column: 2 } })
    const lone = Buffer.from('\ufeff<a>\n\ud800</a>', 'utf16le')
    expect(openError(lone)).toMatchObject({ code: 'INVALID_ENCODING', place: { line: 2, column: 1 } })
  })
})

describe('files without content', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['white space', Buffer.from(' \t\r\n')],
    ['a mark', Buffer.from('\ufeff')],
    ['a mark and white space', Buffer.from('\ufeff\n')],
    ['a UTF-16 mark', Buffer.from([0xff, 0xfe])],
    ['UTF-16 white space', Buffer.from('\ufeff \n', 'utf16le')],
  ])('%s', (_, bytes) => {
    expect(openError(bytes).code).toBe('EMPTY_FILE')
  })
})
