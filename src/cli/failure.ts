import { ClientError, type ClientErrorKind } from '../client/client-error.ts'
import { ConfigError } from '../config/read-settings.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { visible } from './output/terminal.ts'

/** Something is wrong with how the command was called. `message` is a sentence with the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What is said and how the command ends when it fails. */
export interface Failure {
  readonly message: string
  /** Each value that was not accepted, with the reason. */
  readonly values: readonly string[]
  readonly remedy: string | null
  readonly exitCode: ExitCode
}

const codeOfKind: Readonly<Record<ClientErrorKind, ExitCode>> = {
  unauthorised: exitCodes.unauthorised,
  unreachable: exitCodes.unreachable,
  'not-found': exitCodes.fault,
  refused: exitCodes.fault,
  server: exitCodes.fault,
  protocol: exitCodes.fault,
}

const remedyOfKind: Readonly<Record<ClientErrorKind, string | null>> = {
  unauthorised: 'Give --user and --password, or --token (ASSAY_USER, ASSAY_PASSWORD, ASSAY_TOKEN).',
  unreachable: 'Start a server with "assay serve", or name another with --url (ASSAY_URL).',
  'not-found': null,
  refused: null,
  server: 'Try again; if it stays, look into the log of the server.',
  protocol: 'Check that --url is the address of the server itself.',
}

/** Faults of the machine that have a plain explanation, by the code that Node gives them. */
const systemFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Stop the program that uses it, or choose another port with --port (ASSAY_PORT).',
  EADDRNOTAVAIL: 'Choose an address of this machine with --host (ASSAY_HOST).',
  EACCES: 'Use a folder that you may write to and a port above 1023.',
  EEXIST: 'Name a folder with --data-dir (ASSAY_DATA_DIR): something else has this name.',
  ENOTDIR: 'Name a folder with --data-dir (ASSAY_DATA_DIR): a part of the path is a file.',
  ENOSPC: 'Free some disk space.',
}

/** Words any error for the person at the terminal. */
export function explainFailure(error: unknown): Failure {
  if (error instanceof UsageError || error instanceof ConfigError)
    return { message: error.message, values: [], remedy: null, exitCode: exitCodes.usage }
  if (error instanceof ClientError) {
    // A message may be the detail itself, where there is only one.
    const untold = error.refused.filter(({ detail }) => !error.message.includes(detail))
    const values = untold.map(({ sent, pointer, detail }) => `${visible(sent ?? pointer)} ${visible(detail)}`)
    const exitCode = error.status === 400 ? exitCodes.usage : codeOfKind[error.kind]
    return { message: error.message, values, remedy: error.remedy ?? remedyOfKind[error.kind], exitCode }
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = code === 'EADDRINUSE' ? portInUse(error as ListenError) : error instanceof Error ? error.message : String(error)
  const remedy = systemFailures[code] ?? (error instanceof Error && 'remedy' in error ? String(error.remedy) : null)
  return { message: /[.!?]$/.test(message) ? message : `${message}.`, values: [], remedy, exitCode: exitCodes.fault }
}

/** What Node adds to the error of a server that cannot listen. */
interface ListenError extends Error {
  readonly address: string
  readonly port: number
}

function portInUse({ address, port }: ListenError): string {
  return `Port ${port} of ${address} is in use by another program, perhaps by an Assay that runs already.`
}
