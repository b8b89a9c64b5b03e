import type { Check, Example } from '../../src/checks/check.ts'
import { type Group, groups } from '../../src/checks/groups.ts'
import { checks, type RegisteredCheck } from '../../src/checks/registry.ts'
import { maxProblemsPerAsset, maxProblemsPerCode } from '../../src/model/document-limits.ts'
import type { Severity } from '../../src/model/problem.ts'

export const path = 'docs/reference/problems.md'

const effects: Readonly<Record<Severity, string>> = {
  error: 'the asset becomes a FAILURE',
  warning: 'the asset stays a SUCCESS, but something is wrong',
  info: 'worth knowing, often meant so',
}

/** The reference page of the problem codes, from the checks themselves. */
export async function render(): Promise<string> {
  const byGroup = Map.groupBy(checks.values(), (check) => check.group)
  const present = (Object.keys(groups) as Group[]).filter((group) => byGroup.has(group))
  return `${[
    '# Problems',
    '',
    '<!-- Generated from src/checks by "npm run generate". Change the checks, not this file. -->',
    '',
    'Every problem has a code that never changes its meaning, a severity, one sentence about the case at hand, and a remedy. Where it has a',
    'place, line and column count from 1. Of each code the first ' +
      `${maxProblemsPerCode} problems of an asset are kept, and ${maxProblemsPerAsset} in all; the counts are exact.`,
    '',
    '| severity | means |',
    '| --- | --- |',
    ...Object.entries(effects).map(([severity, effect]) => `| ${severity} | ${effect} |`),
    '',
    '## Contents',
    '',
    ...present.map((group) => contents(group, byGroup.get(group) ?? [])),
    '',
    ...present.flatMap((group) => section(group, byGroup.get(group) ?? [])),
  ]
    .join('\n')
    .trimEnd()}\n`
}

function contents(group: Group, members: readonly RegisteredCheck[]): string {
  return `- **${groups[group]}**: ${members.map(({ code }) => `[${code}](#${code.toLowerCase()})`).join(', ')}`
}

function section(group: Group, members: readonly RegisteredCheck[]): string[] {
  return [`## ${groups[group]}`, '', ...members.flatMap(entry)]
}

function entry(check: Check): string[] {
  return [
    `### ${check.code}`,
    '',
    `**${check.severity}** (${effects[check.severity]})`,
    '',
    `- Wanted: ${prose(check.wants)}`,
    `- Why: ${prose(check.why)}`,
    `- Remedy: ${prose(check.remedy)}`,
    ...(check.ditaOt === undefined ? [] : [`- In DITA-OT: ${check.ditaOt.join(', ')}`]),
    '',
    ...evidence(check),
  ]
}

function evidence(check: Check): string[] {
  if (check.looksAt === 'processing') return [`Reported when: ${prose(check.occurs)}`, '']
  const { passing, failing } = check.examples
  const where = failing.at === null ? 'for the file as a whole' : `at line ${failing.at[0]}, column ${failing.at[1]}`
  return [...example('Good', passing), ...example(`Reported ${where}`, failing), ...neighbours(failing), `> ${prose(failing.says)}`, '']
}

function example(heading: string, { file, content, shown, beside }: Example): string[] {
  const names = Object.keys(beside ?? {}).map((name) => `\`${name}\``)
  const text = shown === undefined && typeof content === 'string' ? block(content, file) : block(shown ?? '', '')
  return [`${heading} (\`${file}\`${names.length === 0 ? '' : `, beside ${names.join(' and ')}`}):`, '', ...text]
}

function neighbours({ beside }: Example): string[] {
  return Object.entries(beside ?? {}).flatMap(([file, content]) =>
    typeof content === 'string' ? [`\`${file}\`:`, '', ...block(content, file)] : [],
  )
}

/** `file` tells how the text is coloured; an empty name stands for text that is no code. */
function block(text: string, file: string): string[] {
  const language = file === '' ? 'text' : file.endsWith('.md') ? 'markdown' : 'xml'
  return [`\`\`\`${language}`, text.trimEnd(), '```', '']
}

/** Sentences of the checks are plain text: markup in them must not become markup of the page. */
function prose(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
