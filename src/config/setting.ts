/** One setting: where it is read, what it means, and how its text becomes a value. */
export interface Setting<T, Fallback extends string | null = string | null> {
  /** Name of the environment variable. */
  readonly variable: string
  /** Option of `assay serve`; `null` for secrets, because a command line is visible to every user of the machine. */
  readonly flag: string | null
  /** Stands for the value in the help. */
  readonly placeholder: string
  readonly meaning: string
  /** What holds when nothing is set: the text that is then parsed, or `null`. */
  readonly fallback: Fallback
  /** How the reference says it where the fallback is no fixed text. */
  readonly fallbackShown?: string
  /** Gives the value or throws {@link SettingError}. */
  parse(text: string): T
}

/** A text that is no value of its setting. `message` says what must be there, so that it reads on after the name of the setting. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}

/** Makes a setting with the flag that belongs to its variable: `ASSAY_DATA_DIR` → `--data-dir`. */
export function setting<T, Fallback extends string | null>(described: Omit<Setting<T, Fallback>, 'flag'>): Setting<T, Fallback> {
  return { ...described, flag: `--${described.variable.replace('ASSAY_', '').toLowerCase().replaceAll('_', '-')}` }
}

/** Makes a setting that has no flag. Its value may also be in a file, named by the variable with `_FILE` at its end. */
export function secretSetting<T>(described: Omit<Setting<T, null>, 'flag'>): Setting<T, null> {
  return { ...described, flag: null }
}

/** A whole number between two bounds. */
export function parseInteger(text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new SettingError(`must be a whole number from ${least} to ${most}`)
}

/** One of a few words. */
export function parseChoice<const T extends string>(text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new SettingError(`must be one of ${choices.join(', ')}`)
}
