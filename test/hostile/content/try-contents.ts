import { type AssayApi, topic } from '../../support/assay-api.ts'
import type { HostileContent } from './generated-markup.ts'

/** Uploaded at a time; each with a neighbour. */
const atOnce = 4
const patienceMs = 120_000

export interface Trial {
  /** What ended otherwise than it must, without a reason, or only because its thread was ended. */
  readonly findings: readonly string[]
  readonly slowest: { readonly name: string; readonly ms: number }
}

/** Uploads hostile contents, each beside a good one, and waits until all have ended. */
export async function tryContents(api: AssayApi, folder: string, contents: readonly HostileContent[]): Promise<Trial> {
  const findings: string[] = []
  let slowest = { name: '', ms: 0 }
  for (let start = 0; start < contents.length; start += atOnce) {
    const group = contents.slice(start, start + atOnce)
    const place = `${folder}/${start}`
    await Promise.all(
      group.flatMap(({ name, content }, index) => [
        api.upload(`${place}/${name}`, content()),
        api.upload(`${place}/neighbour-${index}.dita`, topic(name)),
      ]),
    )
    const statuses = new Map((await api.settled([place], patienceMs)).map(({ path, status }) => [path, status]))
    for (const index of group.keys()) {
      if (statuses.get(`${place}/neighbour-${index}.dita`) !== 'SUCCESS') findings.push(`a neighbour of ${group[index]!.name} failed`)
    }
    for (const { name, status: wanted } of group) {
      const { status, problems, receivedAt, settledAt } = await api.detail(`${place}/${name}`)
      const codes = problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)
      if (wanted !== null && status !== wanted) findings.push(`${name} is ${status} (${codes}), not ${wanted}`)
      if (status === 'FAILURE' && codes.length === 0) findings.push(`${name} fails without a reason`)
      if (codes.some((code) => code.startsWith('PROCESSING_'))) findings.push(`${name}: ${codes}`)
      const ms = Date.parse(settledAt!) - Date.parse(receivedAt)
      if (ms > slowest.ms) slowest = { name, ms }
    }
  }
  return { findings, slowest }
}
