/** The entity tag of a content: its SHA-256, so that a script can compare without downloading. */
export function etagOf(sha256: Uint8Array): string {
  return `"${Buffer.from(sha256).toString('hex')}"`
}
