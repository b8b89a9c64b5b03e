import { maxElementDepth } from '../../model/document-limits.ts'
import { failureCheck } from '../failure-check.ts'

function nested(depth: number): string {
  return `${'<ph>\n'.repeat(depth)}${'</ph>'.repeat(depth)}`
}

export const check = failureCheck({
  code: 'LIMIT_DEPTH',
  wants: `Elements are nested at most ${maxElementDepth} deep.`,
  why: 'Real documents stay under 30. Deeper ones are made by broken scripts or to make programs run out of memory.',
  remedy: 'Flatten the document, or repair the script that made it.',
  examples: {
    passing: { file: 'pump.dita', content: () => document(maxElementDepth), shown: `(a topic with elements ${maxElementDepth} deep)` },
    failing: {
      file: 'pump.dita',
      content: () => document(maxElementDepth + 1),
      shown: `(a topic with elements ${maxElementDepth + 1} deep)`,
      at: [maxElementDepth, 1],
      says: `Elements are nested more than ${maxElementDepth} deep.`,
    },
  },
})

/** The root is the first level, its title the second; the line of a level is its number less one. */
function document(depth: number): string {
  return `<topic id="pump"><title>The pump\n${nested(depth - 2)}</title></topic>`
}
