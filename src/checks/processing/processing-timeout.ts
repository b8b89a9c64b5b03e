import { assetTimeoutMs } from '../../model/limits.ts'
import type { ProcessingCheck } from '../check.ts'

export const check: ProcessingCheck = {
  code: 'PROCESSING_TIMEOUT',
  looksAt: 'processing',
  severity: 'error',
  wants: `A file is read within ${assetTimeoutMs / 1000} seconds.`,
  why: 'A file that takes longer would hold up all the others, so its reading is stopped and nothing is known about it.',
  remedy:
    'Split the file into smaller ones and upload them. If the file is small, reprocess it once: the machine may have been overloaded.',
  occurs: `Reading the file took longer than ${assetTimeoutMs / 1000} seconds of its own.`,
  describe: (detail) =>
    `Reading the file took longer than ${assetTimeoutMs / 1000} seconds and was stopped${detail === null ? '' : `: ${detail}`}.`,
}
