/** Random numbers that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** What a mutation may insert: the pieces that the grammar turns on. */
const pieces = [
  '<',
  '>',
  '&',
  ';',
  '"',
  "'",
  '/',
  '=',
  '!',
  '?',
  '-',
  '--',
  ']',
  ']]>',
  '[',
  '(',
  ')',
  '|',
  ',',
  '*',
  '%',
  '#',
  ' ',
  '\n',
  '\r',
  '\t',
  ':',
  '<!--',
  '-->',
  '<?',
  '?>',
  '<![CDATA[',
  '&#',
  '&#x',
  '&amp;',
  '&e;',
  '%pe;',
  '<a>',
  '</a>',
  '<a/>',
  'xmlns:p="u"',
  'a="b"',
  '<!ENTITY e "x">',
  '<!ELEMENT',
  '<!ATTLIST',
  '#PCDATA',
  'CDATA',
  'SYSTEM "s"',
  'PUBLIC',
  '\u0000',
  '\u0001',
  '\u007f',
  '\u00a0',
  '\u00b7',
  '\u0300',
  '\u200c',
  '\u2028',
  '\ufffe',
  '\uffff',
  '\ufeff',
  '\u{1f600}',
  'x',
  'A',
  '0',
  '.',
].map((piece) => Buffer.from(piece))

/** One to four changes: a range deleted, doubled or moved, a byte flipped, a piece inserted or put in place of something. */
export function mutate(original: Buffer, random: () => number): Buffer {
  let bytes = original
  const changes = 1 + Math.floor(random() ** 2 * 4)
  for (let i = 0; i < changes; i++) bytes = change(bytes, random)
  return bytes
}

function change(bytes: Buffer, random: () => number): Buffer {
  const start = Math.floor(random() * (bytes.length + 1))
  const end = Math.min(bytes.length, start + Math.floor(random() ** 3 * 30))
  const before = bytes.subarray(0, start)
  const range = bytes.subarray(start, end)
  const after = bytes.subarray(end)
  const piece = pieces[Math.floor(random() * pieces.length)]!
  switch (Math.floor(random() * 6)) {
    case 0:
      return Buffer.concat([before, after])
    case 1:
      return Buffer.concat([before, range, range, after])
    case 2:
      return Buffer.concat([before, piece, range, after])
    case 3:
      return Buffer.concat([before, piece, after])
    case 4: {
      const flipped = Buffer.from(bytes)
      if (start < flipped.length) flipped[start] = flipped[start]! ^ (1 << Math.floor(random() * 8))
      return flipped
    }
    default: {
      const target = Math.floor(random() * (after.length + 1))
      return Buffer.concat([before, after.subarray(0, target), range, after.subarray(target)])
    }
  }
}
