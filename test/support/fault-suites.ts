/**
 * The suites that kill processes, cut power, break locks and stores, or send what is hostile: minutes of starting again. They are `npm run test:faults`; `npm test`
 * has all others.
 */
export const faultSuites = [
  'test/chaos/kill-*.test.ts',
  'test/hostile/**/*.test.ts',
  'test/integration/poison.test.ts',
  'test/integration/runs-killed.test.ts',
  'test/queue/crashes.test.ts',
  'test/store/engine/pglite-crash.test.ts',
  'test/store/engine/pglite-power-cut.test.ts',
  'test/store/engine/pglite-watchdog.test.ts',
  'test/store/engine/postgres-outage.test.ts',
  'test/webhooks/kill.test.ts',
]
