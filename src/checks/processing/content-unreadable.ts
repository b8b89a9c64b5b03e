import type { ProcessingCheck } from '../check.ts'

export const check: ProcessingCheck = {
  code: 'CONTENT_UNREADABLE',
  looksAt: 'processing',
  severity: 'error',
  wants: 'The stored content of a file can be read back, byte for byte.',
  why: 'The content that was uploaded is missing or damaged in the storage, so nothing is known about the file.',
  remedy: 'Upload the file again. Ask the operator to look at the storage: other files may be damaged too.',
  occurs: 'The storage has no content for the revision, or not all of it.',
  describe: (detail) => `The stored content of the file cannot be read${detail === null ? '' : `: ${detail}`}.`,
}
