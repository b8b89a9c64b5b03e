/** The text with CRLF and CR turned into LF (XML 1.0, 2.11). */
export function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text
}
