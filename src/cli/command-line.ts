import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { registerAudit } from './commands/audit.ts'
import { registerDemo } from './commands/demo.ts'
import { registerEvents } from './commands/events.ts'
import { registerImport } from './commands/import.ts'
import { registerListen } from './commands/listen.ts'
import { registerProcess } from './commands/process.ts'
import { registerRules } from './commands/rules.ts'
import { registerRuns } from './commands/runs.ts'
import { registerServe } from './commands/serve.ts'
import { registerStatus } from './commands/status.ts'
import { registerToken } from './commands/token.ts'
import { registerWebhooks } from './commands/webhooks.ts'
import { type ExitCode, exitCodeMeanings, exitCodes } from './exit-codes.ts'
import { explainFailure } from './failure.ts'
import { Terminal } from './output/terminal.ts'

/** Builds the program with all its commands. `end` is told the exit code of a command that has one of its own. */
export function buildProgram(terminal: Terminal, end: (code: ExitCode) => void): Command {
  const program = new Command('assay')
    .description('Post-processes DITA content and tells the truth about every asset: waiting, processing, succeeded, or failed and why.')
    .version(packageVersion())
    .option('--debug', 'show where an unforeseen error comes from')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
  registerServe(program, terminal)
  registerImport(program, terminal, end)
  registerStatus(program, terminal, end)
  registerProcess(program, terminal, end)
  registerRuns(program, terminal, end)
  registerEvents(program, terminal)
  registerAudit(program, terminal)
  registerRules(program, terminal)
  registerToken(program, terminal)
  registerWebhooks(program, terminal, end)
  registerListen(program, terminal)
  registerDemo(program, terminal)
  const meanings = Object.entries(exitCodeMeanings).map(([code, meaning]) => `  ${code}  ${meaning}`)
  program.addHelpText('after', `\nExit codes:\n${meanings.join('\n')}`)
  return program
}

/** Runs one command line and gives its exit code. Every failure is told in a sentence; none is thrown. */
export async function runCommandLine(argv: readonly string[]): Promise<ExitCode> {
  const terminal = new Terminal(process.stdout, process.stderr)
  let exitCode: ExitCode = exitCodes.succeeded
  const program = buildProgram(terminal, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv)
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.succeeded : exitCodes.usage
    const { message, values, remedy, exitCode } = explainFailure(error)
    terminal.remark(`${terminal.paintRemark('red', 'assay:')} ${message}`)
    for (const value of values) terminal.remark(`  ${value}`)
    if (remedy !== null) terminal.remark(remedy)
    if (program.opts().debug === true) terminal.remark(String(error instanceof Error ? error.stack : error))
    return exitCode
  }
}

/** The same depth from `src/cli/` and `dist/cli/`. */
function packageVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}
