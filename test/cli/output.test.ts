import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { parseTime } from '../../src/cli/options/parse-time.ts'
import { duration, Progress } from '../../src/cli/output/progress.ts'
import { printPreview } from '../../src/cli/output/run-report.ts'
import { counted, Terminal, visible } from '../../src/cli/output/terminal.ts'
import { wrapText } from '../../src/cli/output/wrap-text.ts'

class Recorder extends Writable {
  text = ''
  readonly columns = 100
  readonly isTTY: boolean

  constructor(isTTY: boolean) {
    super()
    this.isTTY = isTTY
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

test('progress is a line every few seconds where nothing can be redrawn', () => {
  const err = new Recorder(false)
  let now = 0
  const progress = new Progress(new Terminal(new Recorder(false), err), 'Importing', () => now)
  for (now = 0; now <= 12_000; now += 100) progress.update(now / 10, 2400)
  progress.finish()
  expect(err.text).toBe('Importing: 500 of 2,400, 100/s, 19 s left\nImporting: 1,000 of 2,400, 100/s, 14 s left\n')
})

test('the time that is left follows a rate that collapses', () => {
  const err = new Recorder(false)
  let now = 0
  const progress = new Progress(new Terminal(new Recorder(false), err), 'Processing', () => now)
  for (now = 5000; now <= 20_000; now += 5000) progress.update(now === 5000 ? 1000 : 990 + now / 500, 2000)
  expect(err.text).toContain('1,000 of 2,000, 200/s, 5.0 s left')
  expect(err.text).toMatch(/1,030 of 2,000, 2\/s, 8 min 5 s left\n$/)
})

test('progress is drawn over itself on a terminal and wiped at the end', () => {
  const [out, err] = [new Recorder(true), new Recorder(true)]
  let now = 0
  const progress = new Progress(new Terminal(out, err), 'Importing', () => now)
  for (now = 0; now < 1000; now += 10) progress.update(now, 1000)
  progress.finish()
  expect(err.text.split('\r\u001b[2K')).toHaveLength(12)
  expect(err.text).toContain('900 of 1,000, 1,000/s, 0.1 s left')
  expect(err.text).toMatch(/\r\u001b\[2K$/)
  expect(out.text).toBe('')
})

test.each([
  [40, '0.0 s'],
  [9_900, '9.9 s'],
  [59_400, '59 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
])('%d ms is %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words)
})

test('control characters and text direction marks are shown, not obeyed', () => {
  expect(visible('a\u001b[2J\u009b\n\u202eb ü😀')).toBe('a\\u001b[2J\\u009b\\n\\u202eb ü😀')
})

test('numbers agree with their nouns', () => {
  expect([counted(1, 'asset'), counted(0, 'asset'), counted(1204, 'asset')]).toEqual(['1 asset', '0 assets', '1,204 assets'])
})

test('long sentences are wrapped with an indent on a terminal, and words are never cut', () => {
  expect(wrapText('a sentence that is long, with /content/dam/a/path/that/is/longer.dita', 20, 4)).toBe(
    'a sentence that\n    is long, with\n    /content/dam/a/path/that/is/longer.dita',
  )
  expect(wrapText('a sentence', Number.POSITIVE_INFINITY, 4)).toBe('a sentence')
})

test('a dry run says which of its figures are least ones', () => {
  const preview = (uncounted: number) => {
    const out = new Recorder(false)
    const rules = [{ list: 'ignored', entry: '/content/dam/a', assets: 1200 } as const]
    printPreview(new Terminal(out, new Recorder(false)), {
      total: 0,
      byType: { DITATOPIC: 0, DITAMAP: 0, DITAVAL: 0, MARKDOWN: 0, 'HTML/CSS': 0, OTHERS: 0 },
      leftOut: [{ reason: 'ignored', path: null, assets: 1200 + uncounted }],
      ignoredBy: { rules, others: 0, uncounted },
      overlappingRun: null,
    })
    return out.text
      .split('\n')
      .slice(2)
      .map((line) => line.trim())
  }
  expect(preview(0)).toEqual(['1,200 by /content/dam/a', ''])
  expect(preview(300)).toEqual([
    'at least 1,200 by /content/dam/a',
    '300 by rules that there was no time to ask for (assay rules test asks for one path)',
    '',
  ])
})

test('a time is an instant of RFC 3339 or a day, and nothing that has to be guessed', () => {
  expect(parseTime('--created-after', '2026-11-25')).toBe('2026-11-25T00:00:00.000Z')
  for (const text of ['5', 'may 1', '2026-13-01', '', '1795659372592'])
    expect(() => parseTime('--created-after', text)).toThrow(/--created-after must be/)
})
