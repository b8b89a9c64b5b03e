import { typeByExtension } from '../../model/asset-type.ts'
import type { DocumentCheck } from '../check.ts'
import { targetTopic } from '../example-documents.ts'
import { tag } from '../quoted.ts'

export const check: DocumentCheck = {
  code: 'NOT_DITA_IGNORED',
  looksAt: 'document',
  severity: 'info',
  wants: 'You know which XML files of a folder are not DITA.',
  why: 'The file is kept and can be referred to, but its titles, ids and references are not read.',
  remedy:
    'Nothing, if the file is meant to be something else. If it is a specialised topic or map, give its root element a class attribute.',
  examples: {
    passing: { file: 'pump.xml', content: targetTopic },
    failing: {
      file: 'build.xml',
      content: '<project name="manual">\n  <target name="pdf"/>\n</project>\n',
      at: null,
      says: 'This is XML but not DITA, as its root element <project> tells: its content is not looked at.',
    },
  },
  find(reading, report) {
    if (reading.syntax !== 'foreign' || typeByExtension(reading.path) !== 'OTHERS') return
    const root = reading.rootElement === null ? 'its root element' : `its root element ${tag(reading.rootElement)}`
    report({ message: `This is XML but not DITA, as ${root} tells: its content is not looked at.`, place: null })
  },
}
