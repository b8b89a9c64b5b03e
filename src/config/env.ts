/** Settings as text, by their names: `ASSAY_PORT` → `4502`. An empty value counts as absent, as most container tools mean it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The environment of this process. The one place that reads it: everything else is given what it needs. */
export function processEnvironment(): Environment {
  return process.env
}
