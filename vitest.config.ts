import { defineConfig } from 'vitest/config'

/** Files run one after another in pairs of processes: the machine the suite is made for has two cores, and most tests start a server. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: [],
  },
})
