import { ParseOption, XmlCData, XmlComment, XmlDocument, XmlElement, type XmlNode, XmlParseError, XmlText, XmlTreeNode } from 'libxml2-wasm'

/** What libxml2 makes of a document: its events in the form of `recordEvents`, or why it refuses it. */
export type OracleAnswer =
  | { readonly verdict: 'accept'; readonly events: string[] }
  | { readonly verdict: 'reject'; readonly isFatal: boolean; readonly message: string }

const options = ParseOption.XML_PARSE_NOENT | ParseOption.XML_PARSE_DTDATTR | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET

/** The bindings give a processing instruction neither siblings nor a name, but the getters of other nodes work on it. */
const nextOf = Object.getOwnPropertyDescriptor(XmlTreeNode.prototype, 'next')!.get!
const previousOf = Object.getOwnPropertyDescriptor(XmlTreeNode.prototype, 'prev')!.get!
const nameOf = Object.getOwnPropertyDescriptor(XmlElement.prototype, 'name')!.get!

/** Reads a document with libxml2: entities replaced, attribute defaults added, nothing external. */
export function readWithLibxml2(bytes: Uint8Array): OracleAnswer {
  let document: XmlDocument
  try {
    document = XmlDocument.fromBuffer(bytes, { option: options })
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error
    // Level 3 is a fatal error; below are errors of namespaces, which XML 1.0 itself does not know.
    return {
      verdict: 'reject',
      isFatal: error.details.length === 0 || error.details.some((detail) => detail.level === 3),
      message: error.message,
    }
  }
  try {
    return { verdict: 'accept', events: listEvents(document) }
  } finally {
    document.dispose()
  }
}

function listEvents(document: XmlDocument): string[] {
  const events: string[] = []
  let text = ''
  function add(event: string): void {
    if (text !== '') events.push(`text ${text}`)
    text = ''
    events.push(event)
  }
  function visit(node: XmlNode): void {
    if (node instanceof XmlElement) add(startOf(node))
    else if (node instanceof XmlText || node instanceof XmlCData) text += node.content
    else if (node instanceof XmlComment) add(`comment ${node.content}`)
    else if (node.constructor.name === 'XmlProcessingInstructionNode') add(`instruction ${nameOf.call(node)} ${node.content}`)
  }
  let node: XmlNode | null = firstNode(document)
  const open: XmlElement[] = []
  while (node !== null) {
    visit(node)
    const child: XmlNode | null = node instanceof XmlElement ? node.firstChild : null
    if (node instanceof XmlElement && child !== null) {
      open.push(node)
      node = child
      continue
    }
    if (node instanceof XmlElement) add(`end ${qualifiedName(node)}`)
    let next: XmlNode | null = nextOf.call(node)
    while (next === null && open.length > 0) {
      const parent: XmlElement = open.pop()!
      add(`end ${qualifiedName(parent)}`)
      next = parent.next
    }
    node = next
  }
  return events
}

function firstNode(document: XmlDocument): XmlNode {
  let node: XmlNode = document.root
  for (;;) {
    const previous: XmlNode | null = previousOf.call(node)
    if (previous === null) return node
    node = previous
  }
}

function startOf(element: XmlElement): string {
  const attributes = element.attrs.map((attribute) => `${qualifiedName(attribute)}=${attribute.value}`)
  for (const [prefix, uri] of Object.entries(element.nsDeclarations))
    attributes.push(prefix === '' ? `xmlns=${uri}` : `xmlns:${prefix}=${uri}`)
  return ['start', qualifiedName(element), ...attributes.sort()].join(' ')
}

function qualifiedName(node: { readonly name: string; readonly prefix: string }): string {
  return node.prefix === '' ? node.name : `${node.prefix}:${node.name}`
}
