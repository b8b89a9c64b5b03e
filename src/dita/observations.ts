/**
 * The kinds of observations that reading a document records, and what `subject` and `detail` hold for each.
 *
 * An observation is a fact that is neither a reference nor an id, noted in the one pass so that a check can word it. Unless said
 * otherwise, it is recorded at each place where it occurs.
 */
export const observationKinds = {
  // XML (recorded for every XML syntax)
  'unbound-prefix': 'A namespace prefix without declaration. Subject: the prefix. Once per prefix.',
  'skipped-entity': 'An entity that the part of the document that was read does not declare. Subject: its name. Once per name.',
  'external-entity-declared': 'An external parsed entity is declared and not used. Subject: its name.',
  'unparsed-entity-declared': 'An unparsed (NDATA) entity is declared. Subject: its name.',
  'parameter-entity-declared': 'A parameter entity is declared. Subject: its name.',

  // Root and vocabulary
  'unknown-root': 'The root is neither a known DITA element nor typed by its class attribute. Subject: the element.',
  'unknown-doctype': 'Public and system identifier are none of a known DITA grammar. Subject: the public, else the system identifier.',
  'unknown-element':
    'An element that no known DITA grammar has and that no class attribute types. Subject: the element; detail: how often. Once per name.',
  'foreign-element':
    'An element of another namespace outside of foreign, unknown and their specialisations. Subject: the element; detail: its namespace. Once per name.',
  'invalid-class': 'A class attribute that is not in DITA syntax. Subject: the value; detail: the element. Once per value.',

  // Text left over and accessibility
  'draft-comment': 'A draft-comment. Subject: its author attribute; detail: its disposition attribute.',
  'required-cleanup': 'A required-cleanup. Subject: its remap attribute.',
  'image-without-alt': 'An image that has neither an alt element nor an alt attribute. Subject: its href or keyref.',
  'empty-alt': 'An alt element or attribute without text. Subject: the href or keyref of the image.',
  'area-shape-invalid': 'An area of an image map whose shape is none. Subject: the value.',
  'area-without-coords': 'An area of an image map, other than the default one, without coords. Subject: its shape.',
  'area-without-link': 'An area of an image map without an xref. Subject: empty.',

  // Language
  language: 'A value of xml:lang. Subject: the value. Once per value.',

  // Tables
  'table-cols-missing': 'A tgroup without cols. Subject: empty.',
  'table-cols-invalid': 'A tgroup whose cols is no positive number. Subject: the value.',
  'table-colspec-count': 'More colspec elements than cols. Subject: how many; detail: cols.',
  'table-colspec-duplicate': 'A colname that its tgroup has already. Subject: the name.',
  'table-row-cells': 'A row whose cells, spans included, do not fill the columns. Subject: how many columns they fill; detail: cols.',
  'table-unknown-column': 'An entry names a column that no colspec specifies. Subject: the name; detail: the attribute.',
  'table-span-order': 'An entry that ends before it begins. Subject: nameend; detail: namest.',
  'table-number-invalid': 'A morerows, colnum or similar that is no number. Subject: the value; detail: the attribute.',
  'simpletable-row-cells': 'A row of a simpletable with more cells than its head or first row. Subject: cells; detail: expected.',

  // Content references
  'conaction-unknown': 'A conaction that is none of pushreplace, pushbefore, pushafter, mark. Subject: the value; detail: the element.',
  'conaction-without-conref': 'mark or pushreplace without conref or conkeyref. Subject: the conaction; detail: the element.',
  'conaction-with-conrefend': 'conaction and conrefend on one element. Subject: the conaction; detail: the element.',
  'conaction-mark-alone': 'A mark with neither pushbefore right before it nor pushafter right after it. Subject: the element.',
  'conaction-push-without-mark': 'pushbefore or pushafter without a mark beside it. Subject: the conaction; detail: the element.',
  'conrefend-without-conref': 'A conrefend without conref or conkeyref. Subject: the value; detail: the element.',

  // Links
  'link-without-target': 'An xref or link without href, keyref, conref and conkeyref. Subject: the element.',
  'absolute-without-scope': 'An http(s) address whose scope nothing says (written or cascaded). Subject: the value; detail: the element.',

  // Conditions
  'profile-outside-parent':
    'A profiling attribute none of whose values its nearest ancestor with that attribute has. Subject: the value; detail: the attribute.',

  // Keys
  'key-name-invalid': 'A name in keys that is no key name. Subject: the name ("" for an empty attribute).',
  'keyscope-name-invalid': 'A name in keyscope that is no scope name. Subject: the name ("" for an empty attribute).',
  'keyref-invalid': 'A key reference that is not in key or key/elementid form. Subject: the value; detail: the attribute.',

  // Maps
  'copy-to-repeated': 'A copy-to that an earlier topicref with another href has. Subject: the value; detail: the line of the first.',
  'copy-to-existing': 'A copy-to that is the href of another topicref of the map. Subject: the value; detail: the line of that one.',
  'topicref-repeated':
    'A topic that an earlier topicref of the map has, navigation both, without copy-to. Subject: the value; detail: the line of the first.',
  'mapref-with-children': 'A reference to a map that has topicrefs of its own. Subject: the value.',

  // DITAVAL
  'ditaval-unknown-element': 'An element that DITAVAL does not have. Subject: the element.',
  'ditaval-action-missing': 'A rule without action. Subject: the element.',
  'ditaval-action-invalid': 'An action that DITAVAL does not have. Subject: the value; detail: the element.',
  'ditaval-value-invalid': 'An illegal value of another attribute. Subject: the value; detail: the attribute.',
  'ditaval-val-without-att': 'A prop with val and without att. Subject: the val.',
  'ditaval-duplicate-rule': 'A rule for what an earlier rule of the file is for. Subject: att and val; detail: the line of the first.',

  // Metadata
  'metadata-limit': 'There is more metadata than is kept. Subject: how many entries; once.',

  // Active content of SVG and HTML
  'active-script': 'A script element. Subject: the element.',
  'active-handler': 'An event handler attribute. Subject: its name; detail: the element.',
  'active-uri': 'A reference with a script URI. Subject: the value; detail: the element.',
  'remote-content': 'A picture, style or other part that is loaded from another host. Subject: the value; detail: the element.',

  // Front matter of Markdown
  'front-matter-invalid': 'YAML front matter that cannot be read. Subject: what is wrong.',
} as const satisfies Record<string, string>

/** The name of a kind of observation. */
export type ObservationKind = keyof typeof observationKinds
