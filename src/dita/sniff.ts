/** What a file looks like by its first bytes. Content decides before the extension. */
export type Looks =
  | { readonly kind: 'binary'; readonly name: string; readonly mediaType: string }
  | { readonly kind: 'html' | 'xml' | 'text' }
  | { readonly kind: 'not-xml'; readonly name: string }

interface Signature {
  readonly name: string
  readonly mediaType: string
  /** Bytes at the places given, as hexadecimal; `..` stands for any byte. */
  readonly bytes: string
}

const signatures: readonly Signature[] = [
  { name: 'a PNG picture', mediaType: 'image/png', bytes: '89504e470d0a1a0a' },
  { name: 'a JPEG picture', mediaType: 'image/jpeg', bytes: 'ffd8ff' },
  { name: 'a GIF picture', mediaType: 'image/gif', bytes: '47494638' },
  { name: 'a WebP picture', mediaType: 'image/webp', bytes: '52494646........57454250' },
  { name: 'a TIFF picture', mediaType: 'image/tiff', bytes: '49492a00' },
  { name: 'a TIFF picture', mediaType: 'image/tiff', bytes: '4d4d002a' },
  { name: 'a BMP picture', mediaType: 'image/bmp', bytes: '424d............0000' },
  { name: 'an AVIF or HEIF picture', mediaType: 'image/avif', bytes: '........6674797061766966' },
  { name: 'an MP4 video', mediaType: 'video/mp4', bytes: '........66747970' },
  { name: 'a WebM video', mediaType: 'video/webm', bytes: '1a45dfa3' },
  { name: 'a PDF document', mediaType: 'application/pdf', bytes: '255044462d' },
  { name: 'a ZIP archive', mediaType: 'application/zip', bytes: '504b0304' },
  { name: 'a ZIP archive', mediaType: 'application/zip', bytes: '504b0506' },
  { name: 'a gzip archive', mediaType: 'application/gzip', bytes: '1f8b08' },
  { name: 'an RTF document', mediaType: 'application/rtf', bytes: '7b5c727466' },
  { name: 'an Office document of the old format', mediaType: 'application/x-ole-storage', bytes: 'd0cf11e0a1b11ae1' },
]

const compiled = signatures.map(({ name, mediaType, bytes }) => ({
  name,
  mediaType,
  bytes: (bytes.match(/../g) ?? []).map((pair) => (pair === '..' ? null : Number.parseInt(pair, 16))),
}))

/** Bytes looked at for words such as `<!DOCTYPE html` behind comments. */
const headBytes = 1024

/** Judges by the first bytes. `text` is whatever is none of the others, empty files included. */
export function looksOf(bytes: Uint8Array): Looks {
  // Nearly all that comes is XML with a declaration: its first bytes are enough.
  if (bytes[0] === 0x3c && bytes[1] === 0x3f) return { kind: 'xml' }
  for (const { name, mediaType, bytes: pattern } of compiled) {
    if (bytes.length >= pattern.length && pattern.every((byte, index) => byte === null || byte === bytes[index])) {
      return { kind: 'binary', name, mediaType }
    }
  }
  const head = headText(bytes)
  if (/^<!doctype\s+html[\s>]/i.test(head) || /^<html[\s>]/i.test(head)) return { kind: 'html' }
  if (head.startsWith('<')) return { kind: 'xml' }
  if (head.startsWith('version https://git-lfs.github.com/spec/'))
    return { kind: 'not-xml', name: 'a Git LFS pointer, not the file itself' }
  if (/^[{[]\s*(?:"|\{|\[|\}|\])/.test(head)) return { kind: 'not-xml', name: 'JSON' }
  if (/^---[ \t]*\r?\n/.test(head) || /^#{1,6} \S/.test(head)) return { kind: 'not-xml', name: 'Markdown' }
  return { kind: 'text' }
}

/** Whether the first bytes are those of a picture other than SVG. */
export function isPicture(bytes: Uint8Array): boolean {
  const looks = looksOf(bytes)
  return looks.kind === 'binary' && looks.mediaType.startsWith('image/')
}

/** The beginning as text without byte order mark, NULs of UTF-16 and leading blanks. */
function headText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes)).toString('latin1')
  return text
    .replace(/^(?:\u00ef\u00bb\u00bf|\u00fe\u00ff|\u00ff\u00fe)/, '')
    .replaceAll('\u0000', '')
    .trimStart()
}
