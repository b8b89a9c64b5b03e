import type { AssetDetail, IncomingReference, OutgoingReference } from '../../contract/native/asset.ts'
import { decodeFirstReferences, decodeReferences } from '../../dita/encode-references.ts'
import { decodeStates } from '../../dita/encode-states.ts'
import { targetOf } from '../../dita/resolve/target-of.ts'
import { pathKey } from '../../model/asset-path.ts'
import { assetStatuses } from '../../model/asset-status.ts'
import { maxOutgoingReferences } from '../../model/http-limits.ts'
import { compareProblems, type Problem } from '../../model/problem.ts'
import type { AssetRow } from '../../store/queries/find-asset.ts'
import type { ReferringRow } from '../../store/queries/list-referring-assets.ts'
import type { AssetResultRow } from '../../store/queries/read-asset-result.ts'
import { presentAsset } from './asset.ts'

/**
 * Everything about an asset, as the JSON text of an `AssetDetail`. `result` is `null` while its revision is not processed; `referring` may hold
 * near misses. Text, because facts are stored as such: those of a large map have megabytes, and to parse and write them anew holds up
 * everybody else.
 */
export function presentAssetDetail(
  row: AssetRow,
  result: AssetResultRow | null,
  problems: readonly Problem[],
  referring: readonly ReferringRow[],
): string {
  const detail: Omit<AssetDetail, 'facts'> = {
    ...presentAsset(row),
    problems: [...problems],
    references: {
      out: result ? presentOutgoing(row.path, result) : [],
      in: referring.filter((other) => refersTo(other, row.path)).map(presentIncoming),
    },
  }
  return `${JSON.stringify(detail).slice(0, -1)},"facts":${result?.facts ?? 'null'}}`
}

/** The problems of a result, in the order for people. */
export function problemsOf({ problems, reference_problems }: AssetResultRow): Problem[] {
  const all = [...(JSON.parse(problems) as Problem[]), ...(JSON.parse(reference_problems) as Problem[])]
  return all.sort(compareProblems)
}

function presentOutgoing(path: string, { reference_values, reference_states }: AssetResultRow): OutgoingReference[] {
  const states = decodeStates(reference_states)
  return decodeFirstReferences(reference_values, maxOutgoingReferences).map((reference, index) => {
    const { element, attribute, value, line, column, use, scope, format } = reference
    const target = targetOf(reference, path).path
    return { element, attribute, value, line, column, use, scope, format, state: states[index] ?? 'waiting', target }
  })
}

/** Edges are kept by a hash of the path that ignores letter case: the references themselves tell whether they mean this very path. */
function refersTo({ path, reference_values }: ReferringRow, target: string): boolean {
  if (reference_values === null) return true
  const key = pathKey(target)
  return decodeReferences(reference_values).some((reference) => {
    const found = targetOf(reference, path).path
    return found !== null && pathKey(found) === key
  })
}

function presentIncoming({ uuid, path, status, title }: ReferringRow): IncomingReference {
  return { uuid, path, status: assetStatuses[status]!, title }
}
