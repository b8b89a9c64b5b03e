import type { ProcessingFailure } from '../checks/check.ts'
import { describeFailure } from '../checks/run-checks.ts'
import { encodeReferences } from '../dita/encode-references.ts'
import { encodeTargets, unreadDigest } from '../dita/encode-targets.ts'
import { mediaTypeByName } from '../dita/read/media-types.ts'
import type { ReadingFailure } from '../dita/reading.ts'
import { typeByExtension } from '../model/asset-type.ts'
import type { AssetReading } from '../processing/ports.ts'
import { describeErrors } from './describe-errors.ts'

const noTargets = { root: 'other', rootElement: '', topics: [], elements: [] } as const

const nothing = {
  title: null,
  facts: '{}',
  references: encodeReferences([]),
  targets: encodeTargets(noTargets),
  targetsDigest: unreadDigest,
  edges: new Float64Array(),
  edgeKinds: new Uint8Array(),
  edgeList: '{}',
  edgeKindList: '',
}

/** The FAILURE of an asset that could not be read, with the one problem that says why. Nothing is known about what is in it. */
export function failedReading(path: string, failure: ReadingFailure | ProcessingFailure): AssetReading {
  const problem = describeFailure(failure)
  return {
    outcome: 'FAILURE',
    type: 'type' in failure ? failure.type : typeByExtension(path),
    mediaType: 'mediaType' in failure ? failure.mediaType : mediaTypeByName(path),
    problems: JSON.stringify([problem]),
    failureDetail: describeErrors([problem]),
    problemCounts: { error: 1, warning: 0, info: 0 },
    ...nothing,
  }
}
