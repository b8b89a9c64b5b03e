import { createRequire } from 'node:module'
import type { AssayServer } from './assay-server.ts'

/** Both generations of Adobe's client (`@adobe/aem-upload`) that npm has: they create folders and report in different ways. */
export const adobeClients = ['@adobe/aem-upload', 'aem-upload-1'] as const
export type AdobeClient = (typeof adobeClients)[number]

/** As much of the client as is used here; it has no types. */
interface Options {
  withUrl(url: string): this
  withDeepUpload(deep: boolean): this
  withMaxUploadFiles(files: number): this
  withConcurrent(concurrent: boolean): this
  withMaxConcurrent(requests: number): this
  withHttpOptions(options: { headers: Record<string, string> }): this
  withHeaders(headers: Record<string, string>): this
  withHttpRetryCount(count: number): this
  withHttpRetryDelay(ms: number): this
  withUploadFileOptions(options: object): this
  withUploadFiles(files: readonly AdobeFile[]): this
}
interface Upload {
  upload(options: Options, paths: readonly string[]): Promise<AdobeResult>
  uploadFiles(options: Options): Promise<AdobeResult>
}
interface AdobeModule {
  FileSystemUpload: new (options: object) => Upload
  DirectBinaryUpload: new (options: object) => Upload
  FileSystemUploadOptions: new () => Options
  DirectBinaryUploadOptions: new () => Options
}

/** A file that the client is to upload. */
export interface AdobeFile {
  readonly fileName: string
  readonly fileSize: number
  readonly filePath: string
  readonly createVersion?: boolean
  readonly versionLabel?: string
  readonly versionComment?: string
  readonly replace?: boolean
}

/** What the client reports. Names with `, ; + = @ $` are missing from it (a bug of the client), so it is no proof of anything. */
export interface AdobeResult {
  readonly totalFiles: number
  readonly totalCompleted: number
  readonly errors: readonly { readonly code: string; readonly message: string }[]
  readonly detailedResult: readonly { readonly fileUrl?: string; readonly result?: { readonly errors?: readonly { code: string }[] } }[]
}

/** How the client uploads. */
export interface AdobeOptions {
  readonly client?: AdobeClient
  readonly authorization?: string
  readonly maxFiles?: number
  readonly retryDelayMs?: number
  readonly retryCount?: number
  /** Headers that the caller adds. */
  readonly headers?: Readonly<Record<string, string>>
  readonly maxConcurrent?: number
}

type Target = Pick<AssayServer, 'url' | 'authorization'>

const require = createRequire(import.meta.url)
const silent = { debug: Boolean, info: Boolean, warn: Boolean, error: Boolean }

/** Uploads a local folder with everything below it into a folder of the repository, as the client's own users do. */
export async function uploadFolder(server: Target, target: string, local: string, options: AdobeOptions = {}): Promise<AdobeResult> {
  const adobe = load(options)
  const configured = configure(new adobe.FileSystemUploadOptions(), server, target, options)
  configured.withDeepUpload(true).withMaxUploadFiles(options.maxFiles ?? 1000)
  return resultOf(await new adobe.FileSystemUpload({ log: silent }).upload(configured, [local]))
}

/** Uploads files under names that the client does not change. */
export async function uploadFiles(
  server: Target,
  target: string,
  files: readonly AdobeFile[],
  options: AdobeOptions = {},
): Promise<AdobeResult> {
  const adobe = load(options)
  const configured = configure(new adobe.DirectBinaryUploadOptions(), server, target, options)
  return resultOf(await new adobe.DirectBinaryUpload({ log: silent }).uploadFiles(configured.withUploadFiles(files)))
}

/** What the client writes as its report: one generation gives an object that knows more. */
function resultOf(result: AdobeResult): AdobeResult {
  return JSON.parse(JSON.stringify(result)) as AdobeResult
}

function load({ client = '@adobe/aem-upload' }: AdobeOptions): AdobeModule {
  return require(client) as AdobeModule
}

function configure(configured: Options, server: Target, target: string, options: AdobeOptions): Options {
  const headers = { authorization: options.authorization ?? server.authorization, ...options.headers }
  configured.withUrl(`${server.url}${encodeURI(target)}`)
  if (options.client === 'aem-upload-1') configured.withHeaders(headers)
  else configured.withHttpOptions({ headers })
  if (options.maxConcurrent !== undefined) configured.withMaxConcurrent(options.maxConcurrent)
  if (options.retryCount !== undefined) configured.withHttpRetryCount(options.retryCount)
  return configured.withHttpRetryDelay(options.retryDelayMs ?? 200)
}
