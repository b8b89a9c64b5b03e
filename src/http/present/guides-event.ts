import type { GuidesEvent } from '../../contract/native/event.ts'
import type { RecordedEvent } from '../../model/event.ts'

/** The topic of AEM Guides that says that post-processing of an asset has ended. */
export const guidesTopic = 'com/adobe/guides/postprocess/complete'

/** What AEM Guides says of the end of an asset's post-processing; `null` for everything else, of which it says nothing. */
export function presentGuidesEvent({ type, path, status, subject, detail }: RecordedEvent): GuidesEvent | null {
  if (type !== 'asset.processed' || path === null) return null
  const failed = status === 'FAILURE'
  const reasons = detail?.problems?.map(({ message }) => message) ?? []
  return {
    path,
    eventType: detail?.again === true ? 'MODIFY' : 'CREATE',
    status: failed ? 'FAILED' : 'SUCCESS',
    ...(failed && { errorMsg: reasons.join(' ') }),
    ...(subject !== null && { uuid: subject }),
  }
}
