import { describe, expect, it } from 'vitest'
import { parsePosition, presentEvent, presentPosition } from '../../src/http/present/event.ts'
import { guidesTopic, presentGuidesEvent } from '../../src/http/present/guides-event.ts'
import type { RecordedEvent } from '../../src/model/event.ts'
import { publicEventTypes } from '../../src/model/event-type.ts'

const failed: RecordedEvent = {
  position: 12,
  at: new Date(0),
  type: 'asset.processed',
  actor: 'system',
  subject: 'GUID-1',
  path: '/content/dam/a.dita',
  source: null,
  revision: 1,
  status: 'FAILURE',
  detail: {
    problems: [
      { code: 'NOT_WELL_FORMED', message: 'It is not.' },
      { code: 'EMPTY_FILE', message: 'It is empty.' },
    ],
  },
}

describe('an event on the wire', () => {
  it('has what applies, and nothing else', () => {
    expect(presentEvent(failed)).toEqual({
      id: '0000000000000012',
      type: 'assay.asset.processed',
      time: '1970-01-01T00:00:00.000Z',
      actor: 'system',
      path: '/content/dam/a.dita',
      uuid: 'GUID-1',
      revision: 1,
      status: 'FAILURE',
      problems: failed.detail!.problems,
    })
    const none = { path: null, source: null, revision: null, status: null, detail: null }
    const { id: _id, time: _time, ...started } = presentEvent({ ...failed, ...none, type: 'run.started', actor: 'token:1', subject: 'r1' })
    expect(started).toEqual({ type: 'assay.run.started', actor: 'token:1', runId: 'r1' })
    expect(presentEvent({ ...failed, type: 'asset.moved', source: '/content/dam/b.dita' })).toMatchObject({
      formerPath: '/content/dam/b.dita',
    })
    expect(
      presentEvent({ ...failed, type: 'asset.received', source: '/content/dam/b.dita', detail: { versionLabel: 'v1' } }),
    ).toMatchObject({
      copiedFrom: '/content/dam/b.dita',
      detail: { versionLabel: 'v1' },
    })
  })

  it('has positions that sort as texts', () => {
    const positions = [0, 9, 10, 999, 2 ** 40]
    expect(positions.map(presentPosition).sort()).toEqual(positions.map(presentPosition))
    expect(positions.map((position) => parsePosition(presentPosition(position)))).toEqual(positions)
    expect(['', '-1', '1e3', '0x1', ' 1', '99999999999999999'].map(parsePosition)).toEqual([null, null, null, null, null, null])
  })

  it('has the names and values of AEM Guides besides', () => {
    expect(guidesTopic).toBe('com/adobe/guides/postprocess/complete')
    const common = { path: '/content/dam/a.dita', uuid: 'GUID-1' }
    expect(presentGuidesEvent(failed)).toEqual({ ...common, eventType: 'CREATE', status: 'FAILED', errorMsg: 'It is not. It is empty.' })
    const good = presentGuidesEvent({ ...failed, status: 'SUCCESS', detail: { again: true } })
    expect(good).toEqual({ ...common, eventType: 'MODIFY', status: 'SUCCESS' })
    expect(publicEventTypes.filter((type) => presentGuidesEvent({ ...failed, type }) !== null)).toEqual(['asset.processed'])
  })
})
