import { threadHeapMiB } from '../../model/thread-limits.ts'
import type { ProcessingCheck } from '../check.ts'

export const check: ProcessingCheck = {
  code: 'PROCESSING_MEMORY',
  looksAt: 'processing',
  severity: 'error',
  wants: `A file is read with less than ${threadHeapMiB} MiB of memory.`,
  why: 'A file that needs more could stop the server for everybody, so its reading is stopped and nothing is known about it.',
  remedy: 'Split the file into smaller ones and upload them.',
  occurs: `Reading the file needed more than ${threadHeapMiB} MiB of memory.`,
  describe: (detail) =>
    `Reading the file needed more than ${threadHeapMiB} MiB of memory and was stopped${detail === null ? '' : `: ${detail}`}.`,
}
