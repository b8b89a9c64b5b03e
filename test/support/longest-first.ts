import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take more than ten seconds, longest first: one that is begun last keeps the other workers waiting for its end. */
const longest = [
  'integration/poison',
  'chaos/kill-cluster',
  'chaos/kill-embedded',
  'hostile/content',
  'queue/crashes',
  'cli/end-to-end',
  'integration/adobe-upload',
  'integration/cluster',
  'acceptance/uploads',
  'threads/reader',
  'acceptance/runs',
  'acceptance/status-input',
  'store/engine/pglite-crash',
  'store/engine/pglite-power-cut',
  'store/engine/pglite-watchdog',
  'acceptance/health',
  'http/events',
  'store/runs',
  'examples/examples',
  'integration/interleavings',
  'queue/jobs',
]

/** Vitest itself knows only how long a file took the last time, and nothing after `npm ci`. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return place < 0 ? longest.length : place
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
