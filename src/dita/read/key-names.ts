/** DITA 1.3, 2.4.4.2.2: a key name holds no blank and none of `{ } [ ] / # ?`. */
const keyName = /^[^\s{}[\]/#?]+$/

/** Whether `name` may stand in `keys` or `keyscope`. */
export function isKeyName(name: string): boolean {
  return keyName.test(name)
}

/** Whether `value` is a key, or a key and an element id behind a slash (DITA 1.3, 2.4.4.2.7). */
export function isKeyReference(value: string): boolean {
  const slash = value.indexOf('/')
  if (slash < 0) return isKeyName(value)
  return isKeyName(value.slice(0, slash)) && isKeyName(value.slice(slash + 1))
}
