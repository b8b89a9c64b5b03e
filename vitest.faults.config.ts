import { defineConfig } from 'vitest/config'
import { faultSuites } from './test/support/fault-suites.ts'
import base from './vitest.config.ts'

export default defineConfig({ test: { ...base.test, include: faultSuites, exclude: [] } })
