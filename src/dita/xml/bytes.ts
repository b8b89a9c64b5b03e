/** The ASCII bytes that XML's grammar names. */
export const tab = 0x09
export const lineFeed = 0x0a
export const carriageReturn = 0x0d
export const space = 0x20
export const exclamation = 0x21
export const doubleQuote = 0x22
export const hash = 0x23
export const percent = 0x25
export const ampersand = 0x26
export const apostrophe = 0x27
export const openParenthesis = 0x28
export const closeParenthesis = 0x29
export const asterisk = 0x2a
export const plus = 0x2b
export const comma = 0x2c
export const hyphen = 0x2d
export const slash = 0x2f
export const semicolon = 0x3b
export const lessThan = 0x3c
export const equals = 0x3d
export const greaterThan = 0x3e
export const question = 0x3f
export const openBracket = 0x5b
export const closeBracket = 0x5d
export const verticalBar = 0x7c

/** Whether the byte is white space, production 3 (S). */
export function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === lineFeed || byte === tab || byte === carriageReturn
}
