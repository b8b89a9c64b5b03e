/** Ranges of NameStartChar over ASCII, first and last in turn (XML 1.0, 5th edition, production 4). */
const startRanges = [
  0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x2ff, 0x370, 0x37d, 0x37f, 0x1fff, 0x200c, 0x200d, 0x2070, 0x218f, 0x2c00, 0x2fef, 0x3001, 0xd7ff, 0xf900,
  0xfdcf, 0xfdf0, 0xfffd, 0x10000, 0xeffff,
]

/** What NameChar adds to them (production 4a). */
const continueRanges = [0xb7, 0xb7, 0x300, 0x36f, 0x203f, 0x2040]

function isInRanges(ranges: readonly number[], codePoint: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    if (codePoint >= ranges[i]! && codePoint <= ranges[i + 1]!) return true
  }
  return false
}

function isAsciiLetter(codePoint: number): boolean {
  const folded = codePoint | 0x20
  return folded >= 0x61 && folded <= 0x7a
}

/** Whether a name may begin with the character (XML 1.0, production 4). */
export function isNameStart(codePoint: number): boolean {
  if (codePoint < 0x80) return isAsciiLetter(codePoint) || codePoint === 0x5f || codePoint === 0x3a
  return isInRanges(startRanges, codePoint)
}

/** Whether a name may go on with the character (production 4a). */
export function isNameCharacter(codePoint: number): boolean {
  if (codePoint >= 0x30 && codePoint <= 0x39) return true
  if (codePoint === 0x2d || codePoint === 0x2e) return true
  return isNameStart(codePoint) || isInRanges(continueRanges, codePoint)
}

/** Whether XML 1.0 allows the character at all (production 2). */
export function isXmlCharacter(codePoint: number): boolean {
  if (codePoint < 0x20) return codePoint === 0x9 || codePoint === 0xa || codePoint === 0xd
  if (codePoint < 0xd800) return true
  return (codePoint >= 0xe000 && codePoint <= 0xfffd) || (codePoint >= 0x10000 && codePoint <= 0x10ffff)
}
