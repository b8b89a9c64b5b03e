import type { XmlName } from './name-table.ts'

/** The value that an attribute has where a start tag does not give one. */
interface AttributeDefault {
  readonly name: XmlName
  readonly value: string
  /** What the attribute costs where it is added: the bytes it would take in a tag. */
  readonly bytes: number
}

/** What the internal subset declares about the attributes of one element; the first declaration of an attribute binds (XML 1.0, 3.3). */
export interface AttributeDeclarations {
  readonly declared: Set<string>
  /** Attributes whose values are reduced to single blanks: all types but CDATA. */
  readonly tokenised: Set<string>
  readonly defaults: AttributeDefault[]
}
