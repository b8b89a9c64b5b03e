import { observationCheck } from '../observed.ts'

export const check = observationCheck({
  code: 'FRONT_MATTER_INVALID',
  severity: 'warning',
  wants: 'The block between the "---" lines at the start of a Markdown topic is YAML.',
  why: 'Id, title, author and keywords of the topic stand there. When it cannot be read, they are lost.',
  remedy: 'Repair the block. Values with ":", "#" or quotes in them must stand in quotes.',
  examples: {
    passing: { file: 'pump.md', content: '---\nid: pump\nauthor: Ada\n---\n\n# The pump\n' },
    failing: {
      file: 'pump.md',
      content: '---\nid: [pump\nauthor: Ada\n---\n\n# The pump\n',
      at: [1, 1],
      says: 'The front matter cannot be read as YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
    },
  },
  words: { 'front-matter-invalid': ({ subject }) => `The front matter cannot be read as YAML: ${subject}.` },
})
