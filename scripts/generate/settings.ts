import type { Setting } from '../../src/config/setting.ts'
import { settings } from '../../src/config/settings.ts'

export const path = 'docs/reference/settings.md'

/** The table of settings as a reference page. */
export async function render(): Promise<string> {
  const rows = Object.values<Setting<unknown>>(settings).map(({ variable, flag, meaning, fallback, fallbackShown }) => {
    const standard = fallbackShown ?? (fallback === null ? '' : `\`${fallback}\``)
    return `| \`${variable}\` | ${flag === null ? '' : `\`${flag}\``} | ${standard} | ${meaning.replaceAll('|', '\\|')} |`
  })
  return `# Settings

<!-- Generated from src/config/settings.ts by "npm run generate". Change the table there, not this file. -->

A setting comes from the environment or, where it has one, from a flag of \`assay serve\`; the flag wins. An empty value counts as not set.
What is wrong is refused at the start, all at once, each by its name.

Secrets have no flag, because a command line is visible to every user of the machine. They may be kept in a file instead, named by the
variable with \`_FILE\` at its end: \`ASSAY_ADMIN_PASSWORD_FILE=/run/secrets/admin-password\`.

| variable | flag | default | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}
