import { checkDocument } from '../checks/run-checks.ts'
import { encodeReferences } from '../dita/encode-references.ts'
import { encodeTargets, targetsDigest } from '../dita/encode-targets.ts'
import { encodeFacts } from '../dita/facts-json.ts'
import { readDocument } from '../dita/read-document.ts'
import type { DocumentReading, ReadingResult } from '../dita/reading.ts'
import { looksOf } from '../dita/sniff.ts'
import { readAsset } from '../media/read-asset.ts'
import { mayBeDocument, typeByExtension } from '../model/asset-type.ts'
import { cutText } from '../model/cut-text.ts'
import { maxDocumentBytes, maxMetadataValueCharacters } from '../model/document-limits.ts'
import type { AssetReading } from '../processing/ports.ts'
import { describeErrors } from './describe-errors.ts'
import { failedReading } from './failed-reading.ts'
import type { SharedContent } from './messages.ts'
import { edgesOf } from './reference-edges.ts'

/** Reads and checks one content and puts what it found into the form in which it is stored. Never throws for what is in the content. */
export async function readContent({ path, size }: Pick<SharedContent, 'path' | 'size'>, bytes: Uint8Array): Promise<AssetReading> {
  try {
    const { reading, failure } = size > bytes.length ? readBeginning(path, size, bytes) : await readAsset(path, bytes)
    return reading ? toAssetReading(reading) : failedReading(path, failure)
  } catch (error) {
    return failedReading(path, { code: 'PROCESSING_CRASHED', detail: error instanceof Error ? error.message : String(error) })
  }
}

function toAssetReading(reading: DocumentReading): AssetReading {
  const { problems, counts } = checkDocument(reading)
  return {
    outcome: counts.error > 0 ? 'FAILURE' : 'SUCCESS',
    type: reading.type,
    mediaType: reading.mediaType,
    title: reading.title === null ? null : storable(reading.title),
    facts: encodeFacts(reading),
    problems: JSON.stringify(problems),
    problemCounts: counts,
    failureDetail: counts.error > 0 ? describeErrors(problems) : null,
    references: encodeReferences(reading.references),
    targets: encodeTargets(reading.targets),
    targetsDigest: targetsDigest(reading.targets, reading.references),
    ...edgesOf(reading.references, reading.path),
  }
}

/** Of a content too large to be held, `bytes` is the beginning: a picture or film is told by it, a document is not read. */
function readBeginning(path: string, size: number, bytes: Uint8Array): ReadingResult {
  const type = typeByExtension(path)
  if (!mayBeDocument(path) || looksOf(bytes).kind === 'binary') return readDocument(path, bytes)
  return {
    reading: null,
    failure: {
      code: 'LIMIT_FILE_SIZE',
      message: `The file has ${size} bytes; at most ${maxDocumentBytes} are read.`,
      place: { line: 1, column: 1, offset: 0 },
      excerpt: null,
      type,
      mediaType: 'text/xml',
    },
  }
}

/** PostgreSQL's texts hold neither NUL nor halves of surrogate pairs. */
function storable(title: string): string {
  return cutText(title.replaceAll('\0', '\ufffd'), maxMetadataValueCharacters).toWellFormed()
}
