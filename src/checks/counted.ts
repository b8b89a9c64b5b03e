/** A number with its noun: `1 column`, `3 columns`. */
export function counted(count: string | number, noun: string): string {
  return `${count} ${noun}${Number(count) === 1 ? '' : 's'}`
}
