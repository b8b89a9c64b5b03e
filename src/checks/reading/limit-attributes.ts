import { maxAttributesPerElement } from '../../model/document-limits.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'LIMIT_ATTRIBUTES',
  wants: `An element has at most ${maxAttributesPerElement} attributes.`,
  why: 'Real documents stay under 30. More are made by broken scripts or to make programs slow.',
  remedy: 'Remove the attributes that DITA does not know, or repair the script that made them.',
  examples: {
    passing: { file: 'pump.dita', content: '<topic id="pump" audience="expert">\n  <title>The pump</title>\n</topic>\n' },
    failing: {
      file: 'pump.dita',
      content: () => `<topic id="pump">\n  <title${attributes(maxAttributesPerElement + 1)}>The pump</title>\n</topic>\n`,
      shown: `(a topic with ${maxAttributesPerElement + 1} attributes at its title)`,
      at: [2, 10 + attributes(maxAttributesPerElement).length],
      says: `An element has more than ${maxAttributesPerElement} attributes.`,
    },
  },
})

function attributes(count: number): string {
  return Array.from({ length: count }, (_, index) => ` a${index}=""`).join('')
}
