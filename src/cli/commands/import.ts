import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Client } from '../../client/index.ts'
import { covers, InvalidPathError, parseAssetPath, repositoryRoot } from '../../model/asset-path.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { UsageError } from '../failure.ts'
import { type UploadTally, uploadFiles } from '../import/upload-files.ts'
import { type FolderContents, type LeftOut, walkFolder } from '../import/walk-folder.ts'
import { duration, Progress } from '../output/progress.ts'
import { counted, type Terminal, visible } from '../output/terminal.ts'

/** Names of files in a summary; all of them would drown it. */
const shownFailures = 50

/** `assay import <folder> <target>`: uploads what is new or changed. */
export function registerImport(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const command = program
    .command('import')
    .description('upload a folder with all that is in it; what the server has already is not sent again')
    .argument('<folder>', 'folder on this machine; hidden and temporary files and links out of it are left out')
    .argument('<target>', 'folder on the server, such as /content/dam/manual')
  withConnection(command).action(async (folder: string, target: string, flags: ConnectionFlags) => {
    const checkedTarget = parseTarget(target)
    const contents = await readFolder(folder)
    const client = await connect(flags)
    const startedAt = performance.now()
    const tally = await importFiles(client, terminal, contents, checkedTarget)
    printTally(terminal, tally, contents, performance.now() - startedAt)
    const failures = tally.failed.length + contents.unreadable.length
    if (failures === 0) terminal.remark(`\nNext: assay status ${checkedTarget} --wait`)
    end(failures === 0 ? exitCodes.succeeded : exitCodes.someFailed)
  })
}

/** Uploads a walked folder with a progress bar. When it breaks off, it says how far it came and passes the error on. */
export async function importFiles(client: Client, terminal: Terminal, contents: FolderContents, target: string): Promise<UploadTally> {
  const progress = new Progress(terminal, 'Importing')
  const { length } = contents.files
  let done = 0
  const onProgress = (count: number): void => {
    done = count
    progress.update(done, length)
  }
  try {
    return await uploadFiles(client, contents.files, { target, onProgress }).finally(() => progress.finish())
  } catch (error) {
    if (done > 0)
      terminal.remark(
        `The import broke off after ${done.toLocaleString('en')} of ${counted(length, 'file')}. Repeat it to go on from there.`,
      )
    throw error
  }
}

function parseTarget(target: string): string {
  try {
    const path = parseAssetPath(target)
    if (covers(repositoryRoot, path)) return path
  } catch (error) {
    if (!(error instanceof InvalidPathError)) throw error
    throw new UsageError(`The target ${error.message}.`)
  }
  throw new UsageError(`The target must be ${repositoryRoot} or lie below it, such as ${repositoryRoot}/manual.`)
}

async function readFolder(folder: string): Promise<FolderContents> {
  const stats = await stat(folder).catch(() => null)
  if (stats === null) throw new UsageError(`There is no folder "${folder}": check the spelling.`)
  if (!stats.isDirectory()) throw new UsageError(`"${folder}" is a file: name the folder that holds it.`)
  return walkFolder(folder)
}

function printTally(terminal: Terminal, tally: UploadTally, contents: FolderContents, elapsedMs: number): void {
  const { created, updated, unchanged } = tally
  const failed = [...tally.failed, ...contents.unreadable]
  const perSecond = Math.round((contents.files.length / Math.max(elapsedMs, 1)) * 1000).toLocaleString('en')
  const parts = [
    terminal.paint('green', `${created.toLocaleString('en')} created`),
    terminal.paint('green', `${updated.toLocaleString('en')} updated`),
    `${unchanged.toLocaleString('en')} unchanged`,
    ...(contents.skipped.length === 0 ? [] : [terminal.paint('dim', `${contents.skipped.length.toLocaleString('en')} left out`)]),
    ...(failed.length === 0 ? [] : [terminal.paint('red', `${failed.length.toLocaleString('en')} failed`)]),
  ]
  const total = terminal.paint('bold', counted(contents.files.length, 'file'))
  terminal.print(`${total} in ${duration(elapsedMs)} (${perSecond}/s)   ${parts.join('   ')}`)
  for (const failure of failed.slice(0, shownFailures)) printFailure(terminal, failure)
  if (failed.length > shownFailures) terminal.print(`… and ${(failed.length - shownFailures).toLocaleString('en')} more.`)
  for (const { relative, reason } of contents.skipped.filter((each) => each.reason !== 'hidden or temporary')) {
    terminal.remark(terminal.paintRemark('dim', `left out: ${visible(relative)}: ${reason}`))
  }
}

function printFailure(terminal: Terminal, { relative, reason }: LeftOut): void {
  terminal.print(`${terminal.paint('red', '✗')} ${visible(relative)}: ${visible(reason)}`)
}
