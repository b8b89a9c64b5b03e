import { defineConfig } from 'vitest/config'

/** Two files at a time, each in a process of its own: most tests start a server, and two cores are what the suite is made for. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/corpora/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
