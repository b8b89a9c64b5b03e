import type { ElementInfo } from './elements.ts'

/** Attribute values that the grammar gives an element when the document is silent. */
export interface AttributeDefaults {
  readonly format: string | null
  readonly resourceOnly: boolean
}

/** Attribute defaults of the OASIS DITA 1.3 and 2.0 grammars that change what a reference means, by the declaring class token. */
export const attributeDefaults: Readonly<Record<string, AttributeDefaults>> = {
  'mapgroup-d/mapref': { format: 'ditamap', resourceOnly: false },
  'mapgroup-d/anchorref': { format: 'ditamap', resourceOnly: false },
  'mapgroup-d/topicsetref': { format: 'ditamap', resourceOnly: false },
  'subjectScheme/schemeref': { format: 'ditamap', resourceOnly: false },
  'mapgroup-d/mapresources': { format: 'ditamap', resourceOnly: true },
  'ditavalref-d/ditavalref': { format: 'ditaval', resourceOnly: true },
  'svg-d/svgref': { format: 'svg', resourceOnly: false },
  'mathml-d/mathmlref': { format: 'mml', resourceOnly: false },
  'mapgroup-d/keydef': { format: null, resourceOnly: true },
  'classify-d/subjectref': { format: null, resourceOnly: true },
  'classify-d/topicsubject': { format: null, resourceOnly: true },
  'classify-d/topicapply': { format: null, resourceOnly: true },
  'classify-d/topicSubjectTable': { format: null, resourceOnly: true },
  'subjectScheme/subjectRelTable': { format: null, resourceOnly: true },
  'subjectScheme/subjectScheme': { format: null, resourceOnly: true },
}

const none: AttributeDefaults = { format: null, resourceOnly: false }

/** The defaults of an element type: those of its most special token that has any. */
export function defaultsOf(info: ElementInfo): AttributeDefaults {
  const token = info.chain.findLast((name) => Object.hasOwn(attributeDefaults, name))
  return token === undefined ? none : attributeDefaults[token]!
}
