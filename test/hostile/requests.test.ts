import { expect, test } from 'vitest'
import { startAssay } from '../support/assay-server.ts'
import { describeFinding, fuzzRequests } from './requests/fuzz-requests.ts'

test('requests made from the description of the API get answers that it declares, and none shows our insides', async () => {
  await using server = await startAssay()
  const { findings, statuses } = await fuzzRequests(server, 1500, 1)
  expect(findings.map(describeFinding).join('\n'), server.logs().slice(-2000)).toBe('')
  // Requests that only bounce off the first check would prove nothing.
  const succeeded = Object.entries(statuses).reduce((sum, [status, count]) => sum + (Number(status) < 300 ? count : 0), 0)
  expect(succeeded).toBeGreaterThan(250)
})
