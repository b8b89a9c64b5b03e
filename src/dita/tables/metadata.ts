/**
 * Where metadata is found (DITA 1.3, 3.2.4 prolog elements; 3.4 map metadata; bookmap; learning metadata), and what its entries are called.
 *
 * Inside of `prolog`, `titlealts`, `topicmeta` and what is specialised from them, an element whose base is in the table gives
 * - its text under its own name (`author`, `keyword`, `isbn`); `data`, `othermeta` and `titlealt` add what they are called: `data:costcentre`;
 * - its `value` or `content` likewise;
 * - each further attribute as `name@attribute`: `audience@type`, `created@date`.
 *
 * Besides: `@audience` and so on for the profiling attributes and `@rev` of the root.
 */
export interface MetadataSource {
  readonly text: boolean
  /** Gives the entry a more exact name: `data` with `name="costcentre"`. */
  readonly namedBy: string | null
  /** Attributes whose value is that of the entry itself. */
  readonly values: readonly string[]
  /** Attributes that give entries of their own. */
  readonly attributes: readonly string[]
}

const text: MetadataSource = { text: true, namedBy: null, values: [], attributes: [] }

function attributes(...names: string[]): MetadataSource {
  return { text: false, namedBy: null, values: [], attributes: names }
}

/** Where metadata values stand, by the base of their element. */
export const metadataSources: Readonly<Record<string, MetadataSource>> = {
  'topic/author': { ...text, attributes: ['type'] },
  'topic/source': text,
  'topic/publisher': text,
  'topic/copyryear': attributes('year'),
  'topic/copyrholder': text,
  'topic/created': attributes('date', 'golive', 'expiry'),
  'topic/revised': attributes('modified', 'golive', 'expiry'),
  'topic/permissions': attributes('view'),
  'topic/audience': { ...attributes('type', 'job', 'experiencelevel', 'othertype', 'otherjob'), values: ['name'] },
  'topic/category': text,
  'topic/keyword': text,
  'topic/indexterm': text,
  'topic/prodname': text,
  'topic/brand': text,
  'topic/series': text,
  'topic/platform': text,
  'topic/prognum': text,
  'topic/featnum': text,
  'topic/component': text,
  'topic/vrm': attributes('version', 'release', 'modification'),
  'topic/othermeta': { text: false, namedBy: 'name', values: ['content'], attributes: [] },
  'topic/data': { text: true, namedBy: 'name', values: ['value'], attributes: ['datatype'] },
  'topic/resourceid': attributes('id', 'appid', 'appname', 'appid-role', 'ux-context-string'),
  'topic/navtitle': text,
  'topic/searchtitle': text,
  'map/searchtitle': text,
  'topic/titlealt': { text: true, namedBy: 'title-role', values: [], attributes: [] },
  'topic/linktext': text,
  'map/linktext': text,
  'topic/shortdesc': text,
  'map/shortdesc': text,
  'map/keytext': text,
  // Phrases of bookmaps and xNAL: mainbooktitle, year, organizationname.
  'topic/ph': text,
}

/** Elements inside of which metadata stands. */
export const metadataHolders: ReadonlySet<string> = new Set(['topic/prolog', 'topic/titlealts', 'map/topicmeta'])
