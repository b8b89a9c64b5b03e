/** Public and system identifiers of DITA grammars. */

const names = [
  'Topic|Concept|Task|General Task|Strict Task|Machinery Task|Reference|Troubleshooting|Composite|Base Topic|Base Map|Map|BookMap|DITAVAL',
  'Glossary|Glossary Entry|Glossary Group|Subject Scheme Map|Classification Map',
  'Learning Assessment|Learning Content|Learning Overview|Learning Plan|Learning Summary',
  'Learning Map|Learning BookMap|Learning Group Map|Learning Object Map',
].join('|')

const oasisPublicId = new RegExp(`^-//OASIS//DTD DITA (?:(?:1\\.[0-3x]|2\\.[0-9x]) )?(?:${names})//EN$`, 'i')
const lightweightPublicId = /^-\/\/OASIS\/\/DTD (?:LIGHTWEIGHT DITA|XDITA) (?:Topic|Map)\/\/EN$/i
const oasisUrn = /^urn:(?:oasis:names:tc:dita|pubid:)/i

/** System identifiers of the OASIS grammars, by file name: how documents without public identifier name them. */
const systemNames: ReadonlySet<string> = new Set(
  (
    'topic concept task generalTask strictTask machineryTask reference troubleshooting glossary glossentry glossgroup ditabase ' +
    'map bookmap subjectScheme classifyMap ditaval basetopic basemap lw-topic lw-map ' +
    'learningAssessment learningContent learningOverview learningPlan learningSummary learningMap learningBookmap ' +
    'learningGroupMap learningObjectMap'
  )
    .split(' ')
    .map((name) => `${name.toLowerCase()}.dtd`),
)

/** Whether the identifiers of a DOCTYPE name a grammar of OASIS (DITA 1.0 to 2.0, Lightweight DITA). A public identifier outranks the system one. */
export function isKnownDoctype(publicId: string | null, systemId: string | null): boolean {
  if (publicId !== null && publicId !== '') {
    const normal = publicId.trim().replace(/\s+/g, ' ')
    return oasisPublicId.test(normal) || lightweightPublicId.test(normal) || oasisUrn.test(normal)
  }
  if (systemId === null) return false
  if (oasisUrn.test(systemId)) return true
  // A path of the local file system or another host's is taken by its file name only where nothing else is before it.
  return (
    systemNames.has(systemId.toLowerCase()) || /^(?:\.{0,2}\/)?(?:dtd\/|technicalContent\/dtd\/|base\/dtd\/)[\w-]+\.dtd$/i.test(systemId)
  )
}

/** Whether the identifiers speak of DITA at all, private specialisations included. Evidence for a root element that is not known. */
export function speaksOfDita(publicId: string | null, systemId: string | null): boolean {
  return isKnownDoctype(publicId, systemId) || /\bDITA\b/i.test(publicId ?? '') || /\bdita(?:base|val)?\b/i.test(systemId ?? '')
}
