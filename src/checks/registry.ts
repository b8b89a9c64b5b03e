import { readdirSync } from 'node:fs'
import { extname } from 'node:path'
import type { Check } from './check.ts'
import { type Group, groups } from './groups.ts'

/** A check with the group (folder) it was found in. */
export type RegisteredCheck = Check & { readonly group: Group }

/**
 * Every check by its code, in the order of groups and files. Found by reading the folders when this module is first imported, so that a
 * new file is a new check; each thread that checks pays for it once. Throws where a file name and its code disagree or two checks share a code.
 */
export const checks: ReadonlyMap<string, RegisteredCheck> = register(
  await Promise.all(Object.keys(groups).flatMap((group) => load(group as Group))),
)

interface Loaded {
  readonly group: Group
  readonly file: string
  readonly check: Check | undefined
}

/** This module's own extension tells whether the source (`.ts`) or the built package (`.js`, with `.d.ts` beside) runs. */
function load(group: Group): Promise<Loaded>[] {
  const extension = extname(import.meta.url)
  const files = readdirSync(new URL(`./${group}/`, import.meta.url)).filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
  return files.sort().map(async (file) => {
    const module: { check?: Check } = await import(new URL(`./${group}/${file}`, import.meta.url).href)
    return { group, file, check: module.check }
  })
}

/** Builds the registry from what the files export. Throws an error that names the file which breaks a rule. */
export function register(loaded: readonly Loaded[]): ReadonlyMap<string, RegisteredCheck> {
  const registry = new Map<string, RegisteredCheck>()
  for (const { group, file, check } of loaded) {
    if (check === undefined) throw new Error(`checks/${group}/${file} exports no "check"`)
    const code = file.slice(0, -extname(file).length).toUpperCase().replaceAll('-', '_')
    if (check.code !== code) throw new Error(`checks/${group}/${file} must have the code ${code}, not ${check.code}`)
    if (registry.has(code)) throw new Error(`checks/${group}/${file} has the code of another check: ${code}`)
    registry.set(code, { ...check, group })
  }
  return registry
}
