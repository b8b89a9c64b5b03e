import type { TargetElement, TargetTable } from '../../dita/reference.ts'
import type { DocumentCheck } from '../check.ts'
import { topicWith } from '../example-documents.ts'
import { quoted, tag } from '../quoted.ts'

const nameStart =
  ':A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c-\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}'
const nameRest = `${nameStart}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f-\\u2040`
/** XML 1.0, productions 5 and 7. */
const name = new RegExp(`^[${nameStart}][${nameRest}]*$`, 'u')
const nameToken = new RegExp(`^[${nameRest}]+$`, 'u')

export const check: DocumentCheck = {
  code: 'INVALID_ID',
  looksAt: 'document',
  severity: 'warning',
  wants: 'Ids consist of letters, digits, "-", "_" and "."; the id of a topic or map begins with a letter or "_".',
  why: 'Editors that validate refuse the file, and a link to an id with blanks or "/" in it cannot be written.',
  remedy: 'Correct the id and the references to it. Put a prefix such as "GUID-" before an id that begins with a digit.',
  ditaOt: ['DOTJ088E'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p id="2-oil">Check the oil.</p>') },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p id="the oil">Check the oil.</p>'),
      at: [4, 8],
      says: 'The id “the oil” of <p> is not allowed: it must be letters, digits, "-", "_" and ".".',
    },
  },
  find(reading, report) {
    if (reading.syntax !== 'dita') return
    reading.targets.elements.forEach((element, index) => {
      const needsName = isTopicOrMap(element, reading.targets)
      if (needsName ? element.id === '' || name.test(element.id) : nameToken.test(element.id)) return
      const rule = needsName
        ? 'it must be letters, digits, "-", "_" and ".", and begin with a letter or "_"'
        : 'it must be letters, digits, "-", "_" and "."'
      report({
        message: `The id ${quoted(element.id)} of ${tag(element.element)} is not allowed: ${rule}.`,
        place: reading.idPlaces[index] ?? null,
      })
    })
  },
}

/** An empty id of a topic is a missing one: that is another check's business. */
function isTopicOrMap(element: TargetElement, targets: TargetTable): boolean {
  const topic = targets.topics[element.topic]
  if (topic !== undefined) return topic.id === element.id && topic.element === element.element
  return element.parent === -1 && element.element === targets.rootElement
}
