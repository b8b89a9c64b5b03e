/**
 * A language tag in normal case (BCP 47, 2.1.1): language lower, script title, region upper case; `_` read as `-`. `null` where the value
 * is no tag of two or three letters with well-formed parts.
 */
export function normalLanguage(written: string): string | null {
  if (/^[a-z]{2}(?:-[A-Z]{2})?$/.test(written)) return written
  const parts = written.trim().replaceAll('_', '-').split('-')
  if (!/^[A-Za-z]{2,3}$/.test(parts[0]!) && !/^[xi]$/i.test(parts[0]!)) return null
  // A single character begins an extension: something must follow it.
  if (parts.at(-1)!.length < 2) return null
  if (!parts.every((part) => /^[A-Za-z0-9]{1,8}$/.test(part))) return null
  return parts
    .map((part, index) => {
      if (index === 0) return part.toLowerCase()
      if (/^[A-Za-z]{4}$/.test(part)) return part[0]!.toUpperCase() + part.slice(1).toLowerCase()
      return /^[A-Za-z]{2}$/.test(part) && parts[index - 1]!.length > 1 ? part.toUpperCase() : part.toLowerCase()
    })
    .join('-')
}
