/**
 * A Content-Disposition that makes a browser save a file under its name (RFC 6266): the name in ASCII with everything doubtful replaced,
 * and in full as RFC 8187 encodes it. Any name gives a valid header.
 */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%;/]/gu, '_')
  const full = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`
}
