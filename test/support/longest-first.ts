import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take more than ten seconds, longest first: one that is begun last keeps the other workers waiting for its end. */
const longest = [
  'integration/adobe-upload',
  'integration/poison',
  'chaos/kill-cluster',
  'threads/reader',
  'chaos/kill-embedded',
  'queue/crashes',
  'hostile/content',
  'cli/launcher',
  'cli/end-to-end',
  'acceptance/uploads',
  'store/engine/pglite-crash',
  'store/engine/pglite-power-cut',
  'integration/cluster',
  'queue/jobs',
  'integration/interleavings',
  'store/engine/pglite-watchdog',
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
