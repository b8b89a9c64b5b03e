import { defineConfig } from 'vitest/config'
import { faultSuites } from './test/support/fault-suites.ts'
import { LongestFirst } from './test/support/longest-first.ts'

/**
 * Four files at a time, each in a process of its own: two cores are what the suite is made for, and much of a test is waiting. Optimising
 * the WebAssembly of databases that live for seconds takes longer than they live.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/shared-servers.ts',
    exclude: ['test/corpora/**', ...faultSuites],
    pool: 'forks',
    execArgv: ['--liftoff-only'],
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Adobe's client prints a line for each step.
    silent: 'passed-only',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One second is the default, and nothing on a busy machine.
    expect: { poll: { timeout: 20_000 } },
  },
})
