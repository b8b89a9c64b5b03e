/**
 * Breaks a text at blanks so that no line is wider than `columns`, and indents all lines but the first by `indent` columns. A word that is
 * too long stays whole: half a path cannot be copied. Infinite columns leave the text as it is.
 */
export function wrapText(text: string, columns: number, indent: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}
