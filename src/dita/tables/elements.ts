import { maxDistinctNames } from '../../model/document-limits.ts'
import { intern } from '../../model/intern.ts'
import { vocabulary } from './vocabulary.ts'

/** What an element is to the reader. `ditabase` is the wrapper `dita`; `unknown` has no DITA class; `foreign` is of another namespace. */
export type ElementKind = 'topic' | 'map' | 'topicref' | 'ditabase' | 'other' | 'unknown' | 'foreign'

/** An element type: its inheritance from the general to the special, e.g. `topic/li`, `task/step` (DITA 1.3, 2.5.3 class attribute). */
export interface ElementInfo {
  readonly kind: ElementKind
  readonly chain: readonly string[]
  /** The first of the chain: `topic/li`; '' where the chain is empty. */
  readonly base: string
}

const kindsByBase: ReadonlyMap<string, ElementKind> = new Map([
  ['topic/topic', 'topic'],
  ['map/map', 'map'],
  ['map/topicref', 'topicref'],
])

function infoOf(chain: readonly string[]): ElementInfo {
  const base = chain[0] ?? ''
  return { kind: kindsByBase.get(base) ?? 'other', chain, base }
}

/** What is known of an element without a class, whose name is none of DITA. */
export const unknownElement: ElementInfo = { kind: 'unknown', chain: [], base: '' }

/** What is known of an element of another vocabulary, such as SVG or MathML. */
export const foreignElement: ElementInfo = { kind: 'foreign', chain: [], base: '' }

const infosByName = new Map<string, ElementInfo>([['dita', { kind: 'ditabase', chain: [], base: '' }]])
const tokensByName = new Map<string, Set<string>>()
for (const [base, module, names] of vocabulary) {
  for (const name of names.split(' ')) {
    const chain = [...(base === '' ? [] : base.split(' ')), `${module}/${name}`]
    const tokens = tokensByName.get(name) ?? new Set()
    for (const token of chain) tokens.add(token)
    tokensByName.set(name, tokens)
    // Of two declarations (shortdesc of topics and of maps) the topic's stands: rules name both bases.
    if (infosByName.get(name) === undefined || chain[0]?.startsWith('topic/')) infosByName.set(name, infoOf(chain))
  }
}

/** The element types of the OASIS grammars by name. */
export const elementsByName: ReadonlyMap<string, ElementInfo> = infosByName

const infosByClass = new Map<string, ElementInfo | null>()
const classSyntax = /^[-+](?:\s+[A-Za-z_][\w.-]*\/[A-Za-z_][\w.:-]*)+\s*$/

/** The type that a class attribute declares, or `null` where its value is not in DITA syntax. */
export function elementByClass(value: string): ElementInfo | null {
  const known = infosByClass.get(value)
  if (known !== undefined) return known
  if (infosByClass.size >= maxDistinctNames) return infoOfClass(value)
  const kept = intern(value)
  const info = infoOfClass(kept)
  infosByClass.set(kept, info)
  return info
}

function infoOfClass(value: string): ElementInfo | null {
  return classSyntax.test(value) ? infoOf(value.trim().split(/\s+/).slice(1)) : null
}

/**
 * Whether content of `target` may stand where `referencing` stands: the same type or a specialisation of it (DITA 1.3, 2.4.4.1.4).
 * Element names that no grammar declares are given the benefit of the doubt: only a class attribute could tell.
 */
export function isSameOrSpecialised(target: string, referencing: string): boolean {
  if (target === referencing) return true
  const targetTokens = tokensByName.get(target)
  const wanted = infosByName.get(referencing)
  if (targetTokens === undefined || wanted === undefined) return true
  return targetTokens.has(wanted.chain.at(-1) ?? '')
}
