/**
 * The offset of the first character that cannot be part of JSON (RFC 8259), or the length of the text when it ends too early. For text
 * that `JSON.parse` refused: its own message has no place for the most frequent mistakes.
 */
export function locateJsonError(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: 'value' | 'name' | 'end' = 'value'
  // Right after an opening bracket, a closing one may stand in place of a value or name.
  let fresh = false
  let index = skipBlanks(text, 0)
  for (; index < text.length; index = skipBlanks(text, index)) {
    const start = index
    const character = text[index]!
    if (expected === 'end') {
      const inside = open.at(-1)
      if (character === ',' && inside) expected = inside === '{' ? 'name' : 'value'
      else if (!closes(character, inside)) return start
      else open.pop()
      fresh = false
      index++
    } else if (fresh && closes(character, open.at(-1))) {
      open.pop()
      expected = 'end'
      fresh = false
      index++
    } else if (expected === 'name') {
      index = character === '"' ? skipString(text, index) : -1 - start
      if (index >= 0) index = skipColon(text, index)
      if (index < 0) return -1 - index
      expected = 'value'
      fresh = false
    } else if (character === '{' || character === '[') {
      open.push(character)
      expected = character === '{' ? 'name' : 'value'
      fresh = true
      index++
    } else {
      index = character === '"' ? skipString(text, index) : skipWord(text, index)
      if (index < 0) return -1 - index
      expected = 'end'
      fresh = false
    }
  }
  return text.length
}

function closes(character: string, inside: '{' | '[' | undefined): boolean {
  return (character === '}' && inside === '{') || (character === ']' && inside === '[')
}

function skipBlanks(text: string, index: number): number {
  while (index < text.length && ' \t\r\n'.includes(text[index]!)) index++
  return index
}

/** The offset after the string; `-1 - offset` of what is wrong in it. */
function skipString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const character = text[index]!
    if (character === '"') return index + 1
    if (character < ' ') return -1 - index
    if (character !== '\\') continue
    index++
    if (text[index] === 'u') {
      const digits = /^[0-9a-f]{0,4}/i.exec(text.slice(index + 1, index + 5))![0].length
      index += digits
      if (digits < 4) return -1 - Math.min(index + 1, text.length)
    } else if (index < text.length && !'"\\/bfnrt'.includes(text[index]!)) return -1 - index
  }
  return -1 - text.length
}

function skipColon(text: string, index: number): number {
  const colon = skipBlanks(text, index)
  return text[colon] === ':' ? colon + 1 : -1 - colon
}

/** After `true`, `false`, `null` or a number; otherwise -1 minus its start, or minus the length of a text that ends within it. */
function skipWord(text: string, start: number): number {
  const rest = text.slice(start, start + 400)
  const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/.exec(rest)
  if (word) return start + word[0].length
  const isCut =
    ['true', 'false', 'null'].some((known) => known.startsWith(rest)) || /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?)?)?$/.test(rest)
  return -1 - (isCut ? text.length : start)
}
