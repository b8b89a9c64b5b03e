/** Limits of what is read in documents and images, and of what is kept of it, as in `limits.ts`. */
import { kiB, miB } from './units.ts'

// Reading XML (largest real values: 1.43 MB, depth 20, 20 attributes, 36,258 elements, 46,616 characters in a value, expansion < 1 kB)
export const maxDocumentBytes = 25 * miB
export const maxElementDepth = 256
/** Markdown and HTML are held as strings and token lists, some 20 times their size; the largest real ones have 2 MB. */
export const maxMarkupBytes = 8 * miB
/** Old pages leave hundreds of elements open. */
export const maxHtmlDepth = 1024
export const maxFrontMatterBytes = 64 * kiB
export const maxElements = 1_000_000
export const maxAttributesPerElement = 512
export const maxAttributeValueBytes = 4 * miB
/** The W3C conformance suite has a name of 4,249 bytes. */
export const maxNameBytes = 8 * kiB
/** Names that a thread keeps for good, and the bytes of all of them. */
export const maxDistinctNames = 20_000
export const maxDistinctNamesBytes = 2 * miB
/** Entities and attributes that an internal subset may declare: each is kept until the end of the scan. */
export const maxDeclarations = 100_000
export const maxEntityExpansionBytes = miB
export const maxEntityExpansionFactor = 100
export const maxEntityDepth = 16

// Facts and problems
/** Problems stored per asset and code; the exact count is kept beside them. */
export const maxProblemsPerCode = 1000
export const maxProblemsPerAsset = 1000
export const maxExcerptCharacters = 160
/** Whoever looks at problems waits this long for a large content from which the excerpts are cut; then they come without. */
export const excerptReadTimeoutMs = 5_000
/** Reference values longer than this (data: URIs) are cut where they are shown. */
export const maxShownValueCharacters = 200
/** A path of `maxPathBytes`, percent-encoded, with a fragment. A longer value of a reference is cut: nothing can be at its target. */
export const maxReferenceCharacters = 8 * kiB
/** Columns and rows that a cell may span; tables beyond are not counted out. */
export const maxTableColumns = 1000
export const maxMetadataValueCharacters = 4096
export const maxMetadataEntries = 2000

// Images
export const maxImageBytes = 256 * miB
/** Pixels over which an image is not decoded to verify it, only its header is read. */
export const maxDecodedPixels = 40_000_000
/** An image that unpacks to more than this many bytes per byte of file is not decoded. */
export const maxImageExpansionFactor = 200
/** Time for decoding one picture; shorter than that for an asset, so that the thread survives. */
export const imageTimeoutSeconds = 5
