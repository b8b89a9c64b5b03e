import { readFileSync } from 'node:fs'
import type { Environment } from './env.ts'
import { type Setting, SettingError } from './setting.ts'
import { type SettingValues, settings } from './settings.ts'

/** Settings that cannot be used. `message` has a line for each, naming the setting and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(findings: readonly string[]) {
    super(findings.join('\n'))
  }
}

/** Flags of `assay serve` as commander gives them: `--data-dir` → `dataDir`. They win over the environment. */
export type Flags = Readonly<Record<string, unknown>>

/** Reads every setting from flags, environment and fallbacks. Throws {@link ConfigError} with all findings at once. */
export function readSettings(environment: Environment, flags: Flags = {}): SettingValues {
  const findings: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries<Setting<unknown>>(settings)) {
    try {
      const { text, source } = readText(key, setting, environment, flags)
      values[key] = text === null ? null : parseText(setting, text, source)
    } catch (error) {
      if (!(error instanceof SettingError)) throw error
      findings.push(error.message)
    }
  }
  if (findings.length > 0) throw new ConfigError(findings)
  return values as SettingValues
}

function parseText(setting: Setting<unknown>, text: string, source: string): unknown {
  try {
    return setting.parse(text)
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    const shown = setting.flag === null ? '' : ` It is "${text}".`
    throw new SettingError(`${source} ${error.message}.${shown}`)
  }
}

function readText(key: string, setting: Setting<unknown>, environment: Environment, flags: Flags): { text: string | null; source: string } {
  const { flag, variable } = setting
  const given = flags[key]
  if (flag !== null && typeof given === 'string') return { text: given, source: flag }
  const value = environment[variable]
  if (value !== undefined && value !== '') return { text: value, source: variable }
  const file = environment[`${variable}_FILE`]
  if (flag === null && file !== undefined && file !== '')
    return { text: readSecretFile(`${variable}_FILE`, file), source: `${variable}_FILE` }
  return { text: setting.fallback, source: variable }
}

/** Container platforms hand secrets over as files, usually with a line break at the end. */
function readSecretFile(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd()
  } catch (error) {
    throw new SettingError(`${variable} names a file that cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
