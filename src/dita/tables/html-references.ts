import type { ReferenceUse } from '../reference.ts'

/** The attributes of HTML that carry references in HDITA, as `element attribute`; `*` is any element (Lightweight DITA 1.0, 4.2). */
export const htmlReferenceAttributes: ReadonlyMap<string, ReferenceUse> = new Map<string, ReferenceUse>([
  ['a href', 'link'],
  ['area href', 'link'],
  ['img src', 'image'],
  ['video src', 'image'],
  ['video poster', 'image'],
  ['audio src', 'image'],
  ['source src', 'image'],
  ['track src', 'image'],
  ['object data', 'image'],
  ['* data-conref', 'content'],
  ['* data-keyref', 'key'],
])
