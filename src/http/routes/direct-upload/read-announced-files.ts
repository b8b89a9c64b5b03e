import type { FastifyRequest } from 'fastify'
import { ApiError, type InputFinding } from '../../../contract/errors.ts'
import type { AssetPath } from '../../../model/asset-path.ts'
import { maxInputFindings } from '../../../model/http-limits.ts'
import { maxInitiatedFiles, maxUploadFormBytes } from '../../../model/limits.ts'
import { pathInFolder } from '../../input/file-name.ts'
import { parseFileSize } from '../../input/file-size.ts'
import { readFields } from '../../input/read-fields.ts'

/** A file that is about to be uploaded. `size` in bytes. */
export interface AnnouncedFile {
  readonly path: AssetPath
  readonly size: number
}

const fieldNames = new Set(['fileName', 'fileSize', 'path'])

/**
 * The files that a request announces for a folder. Names and sizes are two lists in the same order: newer clients send them interleaved,
 * older ones all names first. Throws one ApiError that lists every wrong value.
 */
export async function readAnnouncedFiles(request: FastifyRequest, folder: AssetPath): Promise<AnnouncedFile[]> {
  const body = await readFields(request, { limitBytes: maxUploadFormBytes, json: false, isField: (name) => fieldNames.has(name) })
  const pairs = body.form === 'pairs' ? body.pairs : []
  const valuesOf = (wanted: string) => pairs.flatMap(([name, value]) => (name === wanted ? [value] : []))
  const names = valuesOf('fileName')
  const sizes = valuesOf('fileSize')
  if (names.length === 0) throw invalid([{ pointer: '/fileName', detail: 'is missing' }])
  if (names.length > maxInitiatedFiles) throw new ApiError('invalidInput', `At most ${maxInitiatedFiles} files can be announced at a time.`)
  if (names.length !== sizes.length) {
    throw invalid([{ pointer: '/fileSize', detail: `must be there for each fileName: ${names.length} names, ${sizes.length} sizes` }])
  }
  const findings: InputFinding[] = []
  const files = names.map((name, index) => ({
    path: collect(() => pathInFolder(folder, name, `/fileName/${index}`), findings),
    size: collect(() => parseFileSize(sizes[index]!, `/fileSize/${index}`), findings),
  }))
  if (findings.length > 0) throw invalid(findings)
  return files as AnnouncedFile[]
}

function collect<T>(parse: () => T, findings: InputFinding[]): T | null {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    findings.push(...error.errors)
    return null
  }
}

function invalid(findings: readonly InputFinding[]): ApiError {
  return new ApiError('invalidInput', 'Some files cannot be uploaded.', { errors: findings.slice(0, maxInputFindings) })
}
