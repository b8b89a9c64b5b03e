import { expect, test } from 'vitest'
import { startAssay } from '../support/assay-server.ts'
import { breakUploads } from './clients/break-uploads.ts'
import { tryRequests } from './clients/try-requests.ts'

test('malformed, smuggled, traversing and polluting requests are refused, and broken uploads leave nothing', async () => {
  await using server = await startAssay()
  expect(await tryRequests(server)).toEqual([])
  expect(await breakUploads(server)).toEqual([])
})
