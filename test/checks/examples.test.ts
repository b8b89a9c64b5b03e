import { describe, expect, test } from 'vitest'
import type { Check, Example, ExampleContent } from '../../src/checks/check.ts'
import { checks } from '../../src/checks/registry.ts'
import type { Problem } from '../../src/model/problem.ts'
import { readTree } from './read-tree.ts'

type CheckWithExamples = Exclude<Check, { looksAt: 'processing' }>

const withExamples = [...checks.values()].filter((check): check is typeof check & CheckWithExamples => check.looksAt !== 'processing')
const folder = '/content/dam/manual/'

function bytesOf(content: ExampleContent): Uint8Array {
  const made = typeof content === 'string' ? content : content()
  return typeof made === 'string' ? Buffer.from(made) : made
}

async function problemsOf({ file, content, beside = {} }: Example): Promise<readonly Problem[]> {
  const files = new Map([[folder + file, bytesOf(content)]])
  for (const [name, neighbour] of Object.entries(beside)) files.set(folder + name, bytesOf(neighbour))
  return (await readTree(files)).get(folder + file)!.problems
}

describe.each(withExamples)('$code', ({ code, severity, remedy, examples: { passing, failing } }) => {
  test('finds nothing in its passing example', async () => {
    expect((await problemsOf(passing)).filter((problem) => problem.severity !== 'info' || problem.code === code)).toEqual([])
  })

  test('finds its failing example where it says', async () => {
    const [first] = (await problemsOf(failing)).filter((problem) => problem.code === code)
    const [line, column] = failing.at ?? [null, null]
    expect(first).toMatchObject({ code, severity, remedy, line, column, message: failing.says })
    expect(first?.message).toMatch(/^[A-Z<“a-z].*[.]$/)
  })
})
