import type { AssetType } from '../../model/asset-type.ts'
import { foldKey } from '../../model/fold-hash.ts'
import type { Reference, ReferenceState, TargetElement, TargetTable } from '../reference.ts'
import { isSameOrSpecialised } from '../tables/elements.ts'
import { isConref } from './content-references.ts'
import { formatContradiction } from './format-contradiction.ts'
import { elementFound, type Found, indexOf } from './target-index.ts'
import { hasDitaFragment, targetOf } from './target-of.ts'

/** An asset that a reference may lead to: one of those whose paths are equal but for letter case and Unicode form. */
export interface Candidate {
  readonly path: string
  readonly type: AssetType
  /** It has been processed, so that `type`, `failed` and `targets` say what is in it. */
  readonly known: boolean
  readonly failed: boolean
  /** It is there and never will be known: nobody waits for it, and nothing in it can be found wrong. */
  readonly unread?: boolean
  /** `null` where it is not known, has failed, or its table was not loaded because nothing needed it. */
  readonly targets: TargetTable | null
}

/** The asset whose references are resolved. */
export interface ReferenceSource {
  readonly path: string
  readonly targets: TargetTable
  readonly references: readonly Reference[]
}

/** How one reference stands, with what a check needs to word it. */
export interface ResolvedReference {
  readonly state: ReferenceState
  /** The repository path that it leads to, whether or not anything is there; `null` where it leads to none. */
  readonly target: string | null
  /** The path of an asset that nearly matches (letter case, Unicode form), or `null`. */
  readonly nearTarget: string | null
  readonly targetTable: TargetTable | null
  readonly detail: string | null
}

type Draft = { -readonly [Field in keyof ResolvedReference]: ResolvedReference[Field] }

/** What a content reference was found to mean, kept for the end of its range. */
interface Landing {
  readonly path: string
  readonly table: TargetTable
  readonly found: Found
}

/**
 * Resolves the references of one asset, in their order. `lookup` gives the assets whose {@link foldKey} is the one asked for; it is asked
 * once per reference to another asset. Loops are found elsewhere (`loops.ts`): they need more than one asset's references.
 */
export function resolveReferences(source: ReferenceSource, lookup: (key: string) => readonly Candidate[]): ResolvedReference[] {
  const landings = new Map<number, Landing>()
  return source.references.map((reference, index) => {
    const target = targetOf(reference, source.path)
    const result: Draft = {
      state: target.state === 'local' ? 'ok' : target.state,
      target: target.path,
      nearTarget: null,
      targetTable: null,
      detail: null,
    }
    if (target.state !== 'local' || target.path === null) return result
    const candidate = findCandidate(source, target.path, lookup)
    const landing = candidate === null ? null : follow(reference, target.fragment, candidate, source, result)
    if (candidate === null) result.state = missingState(reference)
    else if ((result.state === 'ok' || result.state === 'waiting') && candidate.path !== target.path) nameNear(result, candidate.path)
    if (landing !== null) landings.set(index, landing)
    if (reference.start >= 0 && result.state === 'ok') checkRange(landings.get(reference.start), landing, result)
    return result
  })
}

function missingState(reference: Reference): ReferenceState {
  if (reference.start >= 0) return 'CONREF_RANGE'
  return isConref(reference) ? 'CONREF_UNRESOLVED' : 'REF_TARGET_MISSING'
}

function findCandidate(source: ReferenceSource, path: string, lookup: (key: string) => readonly Candidate[]): Candidate | null {
  if (path === source.path) return { path, type: ownType(source.targets), known: true, failed: false, targets: source.targets }
  const candidates = lookup(foldKey(path))
  const exact = candidates.find((candidate) => candidate.path === path)
  if (exact !== undefined) return exact
  const composed = path.normalize('NFC')
  return candidates.find((candidate) => candidate.path.normalize('NFC') === composed) ?? candidates[0] ?? null
}

function ownType(targets: TargetTable): AssetType {
  switch (targets.root) {
    case 'topic':
      return 'DITATOPIC'
    case 'map':
      return 'DITAMAP'
    case 'ditaval':
      return 'DITAVAL'
    case 'other':
      return 'OTHERS'
    default:
      return targets.root satisfies never
  }
}

/** The target is there under a name that differs in letter case, or only in Unicode form. */
function nameNear(result: Draft, path: string): void {
  const isSameComposed = path.normalize('NFC') === result.target!.normalize('NFC')
  result.state = isSameComposed ? 'REF_NORMALIZATION' : 'REF_CASE_MISMATCH'
  result.nearTarget = path
}

/** Looks into the target: its type, and the fragment of the reference. */
function follow(
  reference: Reference,
  fragment: string | null,
  candidate: Candidate,
  source: ReferenceSource,
  result: Draft,
): Landing | null {
  const content = isConref(reference)
  const looksInside = hasDitaFragment(reference)
  if (candidate.unread) return null
  if (!candidate.known) {
    if (looksInside || reference.format === 'ditaval') result.state = 'waiting'
    return null
  }
  if (candidate.failed) {
    if (content) unresolved(reference, result, 'the target could not be read')
    return null
  }
  const contradiction = formatContradiction(reference, candidate.type)
  if (contradiction !== null) {
    result.state = 'REF_FORMAT'
    result.detail = contradiction
    return null
  }
  const table = candidate.targets
  result.targetTable = table
  if (table === null) {
    if (content || (fragment !== null && looksInside)) result.state = 'waiting'
    return null
  }
  if (table.root !== 'topic' && table.root !== 'map') {
    // In Lightweight DITA a target may be Markdown or HTML: whether the part is there belongs to that format.
    const isMarkup = candidate.type === 'MARKDOWN' || candidate.type === 'HTML/CSS'
    if (content && !isMarkup) unresolved(reference, result, 'the target is not DITA')
    return null
  }
  // A fragment of anything but DITA belongs to the media type: lines of code, anchors of pages.
  if (!looksInside) return null
  const found = indexOf(table).find(fragment, candidate.path === source.path ? reference.topic : -1)
  if (found === null) {
    nameMissingFragment(reference, fragment!, table, result)
    return null
  }
  if (content && !isSameOrSpecialised(elementFound(table, found), reference.element)) {
    result.state = reference.start >= 0 ? 'CONREF_RANGE' : 'CONREF_TYPE_MISMATCH'
    result.detail = `the target is a ${elementFound(table, found)}`
  }
  return { path: candidate.path, table, found }
}

function unresolved(reference: Reference, result: Draft, detail: string): void {
  result.state = reference.start >= 0 ? 'CONREF_RANGE' : 'CONREF_UNRESOLVED'
  result.detail = detail
}

/** An element's id alone is a mistake in form, not a missing element: the topic's id must come first (DITA 1.3, 2.4.1.2). */
function nameMissingFragment(reference: Reference, fragment: string, table: TargetTable, result: Draft): void {
  const isMap = table.root === 'map'
  if (!isMap && !fragment.includes('/') && indexOf(table).hasElement(fragment)) {
    result.state = isConref(reference) ? 'CONREF_SYNTAX' : 'REF_FRAGMENT_SYNTAX'
    result.detail = 'the id is that of an element: the id of its topic must stand before it'
  } else if (isConref(reference)) unresolved(reference, result, `there is no "${fragment}"`)
  else result.state = 'REF_FRAGMENT_MISSING'
}

/** The end of a range is a sibling of its start, not before it (DITA 1.3, 2.4.4.1.2). */
function checkRange(start: Landing | undefined, end: Landing | null, result: Draft): void {
  if (start === undefined || end === null) return
  const first = elementAt(start)
  const last = elementAt(end)
  if (start.path !== end.path) result.detail = 'start and end are in different files'
  else if (first === null || last === null || first.parentNumber !== last.parentNumber)
    result.detail = 'start and end have different parents'
  else if (last.position < first.position) result.detail = 'the end stands before the start'
  else return
  result.state = 'CONREF_RANGE'
}

/** The element that was found; a topic is one by its id. */
function elementAt({ table, found }: Landing): TargetElement | null {
  if (found.kind === 'whole') return null
  return table.elements[found.kind === 'element' ? found.index : indexOf(table).elementOfTopic(found.index)] ?? null
}
