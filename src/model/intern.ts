/**
 * The engine's one string with this text: it has memory of its own, where a piece that was cut out of a longer text keeps all of that in memory, and
 * compares with a literal by its address. (The engine keeps property keys unique.)
 */
export function intern(text: string): string {
  return Object.keys({ [text]: 0 })[0]!
}
