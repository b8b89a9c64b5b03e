import type { ProcessingCheck } from '../check.ts'

export const check: ProcessingCheck = {
  code: 'PROCESSING_CRASHED',
  looksAt: 'processing',
  severity: 'error',
  wants: 'Reading a file ends with a result.',
  why: 'The reader itself broke on this file. The file was left out, so that the others could be processed; nothing is known about it.',
  remedy: 'Reprocess the file once. If it fails again, this is a fault of the program and not of your file: report it with the file.',
  occurs: 'Reading the file ended its thread, or a process of its own that read nothing else.',
  describe: (detail) => `Reading the file ended in a crash of the reader${detail === null ? '' : `: ${detail}`}.`,
}
