import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** The checks on real DITA sets, in the folder that ASSAY_CORPORA names. They are not part of `npm test`: the sets are not ours to publish. */
export default defineConfig({ test: { ...base.test, include: ['test/corpora/**/*.test.ts'], exclude: [], testTimeout: 120_000 } })
