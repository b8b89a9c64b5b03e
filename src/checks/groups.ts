/**
 * The folders of the checks, in the order of the reference page, with their headings. A check belongs to the group whose folder holds
 * its file; each folder holds checks and nothing else.
 */
export const groups = {
  processing: 'Processing: the content was not read to its end',
  reading: 'Reading: the file is no readable document',
  files: 'Files: name, type and DOCTYPE',
  markup: 'Markup: elements, classes, prefixes and entities',
  topics: 'Topics: ids, titles and metadata',
  references: 'References: links, images and maps',
  'content-references': 'Content references: conref, conrefend and push',
  keys: 'Keys',
  tables: 'Tables',
  images: 'Images',
  ditaval: 'DITAVAL',
} as const

/** The name of a group: that of its folder. */
export type Group = keyof typeof groups
