import type { FastifyRequest } from 'fastify'
import { ApiError, type InputFinding } from '../../../contract/errors.ts'
import { type AssetPath, InvalidPathError, nameOf, parseAssetPath } from '../../../model/asset-path.ts'
import { maxInitiatedFiles, maxInputFindings, maxUploadBytes, maxUploadFormBytes } from '../../../model/limits.ts'
import { readFields } from '../../body/read-fields.ts'

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
    path: pathOf(folder, name, `/fileName/${index}`, findings),
    size: sizeOf(sizes[index]!, `/fileSize/${index}`, findings),
  }))
  if (findings.length > 0) throw invalid(findings)
  return files as AnnouncedFile[]
}

/** The path of a file in a folder. Throws an ApiError that names the field for a name that no asset can have. */
export function pathInFolder(folder: AssetPath, name: string, pointer: string): AssetPath {
  const findings: InputFinding[] = []
  const path = pathOf(folder, name, pointer, findings)
  if (path === null) throw invalid(findings)
  return path
}

/** A number of bytes from a form. Throws an ApiError that names the field. */
export function parseFileSize(text: string, pointer: string): number {
  const findings: InputFinding[] = []
  const size = sizeOf(text, pointer, findings)
  if (size === null) throw invalid(findings)
  return size
}

function pathOf(folder: AssetPath, name: string, pointer: string, findings: InputFinding[]): AssetPath | null {
  try {
    if (name.includes('/')) throw new InvalidPathError('has a slash: announce the file in its own folder')
    const path = parseAssetPath(`${folder}/${name}`)
    if (nameOf(path) !== name) throw new InvalidPathError(name === '' ? 'is empty' : 'begins or ends with blanks: remove them')
    return path
  } catch (error) {
    if (!(error instanceof InvalidPathError)) throw error
    findings.push({ pointer, detail: error.message })
    return null
  }
}

function sizeOf(text: string, pointer: string, findings: InputFinding[]): number | null {
  const size = /^\d{1,15}$/.test(text.trim()) ? Number(text) : null
  if (size !== null && size <= maxUploadBytes) return size
  findings.push({ pointer, detail: size === null ? 'must be a whole number of bytes' : `must be at most ${maxUploadBytes} bytes` })
  return null
}

function invalid(findings: readonly InputFinding[]): ApiError {
  return new ApiError('invalidInput', 'Some files cannot be uploaded.', { errors: findings.slice(0, maxInputFindings) })
}
