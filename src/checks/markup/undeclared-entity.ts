import { observationCheck } from '../observed.ts'

function topic(title: string): string {
  return `<!DOCTYPE topic PUBLIC "-//OASIS//DTD DITA Topic//EN" "topic.dtd">\n<topic id="pump">\n  <title>${title}</title>\n</topic>\n`
}

export const check = observationCheck({
  code: 'UNDECLARED_ENTITY',
  severity: 'warning',
  wants: 'The file declares each entity that it uses, or writes the character itself.',
  why: 'DITA declares no entities such as &nbsp; of HTML. Publishing drops what the entity stands for, or stops.',
  remedy: 'Write the character itself or its number, such as &#160; for a no-break space.',
  ditaOt: ['DOTJ088E'],
  examples: {
    passing: { file: 'pump.dita', content: topic('Pump&#160;3000') },
    failing: {
      file: 'pump.dita',
      content: topic('Pump&nbsp;3000'),
      at: [3, 14],
      says: 'The entity &nbsp; is used but not declared in this file.',
    },
  },
  words: { 'skipped-entity': ({ subject }) => `The entity &${subject}; is used but not declared in this file.` },
})
