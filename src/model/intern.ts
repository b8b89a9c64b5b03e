/**
 * The engine's single copy of this text. A piece that was cut out of a longer text keeps all of that in memory; this copy does not, and it
 * is compared with a literal by its address alone. (The engine keeps property keys unique.)
 */
export function intern(text: string): string {
  return Object.keys({ [text]: 0 })[0]!
}
