import type { Command } from 'commander'
import { buildProgram } from '../../src/cli/command-line.ts'
import { Terminal } from '../../src/cli/output/terminal.ts'

export const path = 'docs/reference/cli.md'

/** The help of every command, as the command line itself prints it. */
export async function render(): Promise<string> {
  const nowhere = { write: () => true }
  const program = buildProgram(new Terminal(nowhere, nowhere), () => {})
  const sections = commandsOf(program).map(({ name, command }) => `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`)
  return `# Command line

<!-- Generated from src/cli by "npm run generate". Change the commands, not this file. -->

Results go to the standard output; progress and remarks go to the standard error. Colours appear on a terminal only, and never when
\`NO_COLOR\` is set. Options win over the environment. Without any credential, a server on this machine is tried with the password that it
generated in its data folder.

${sections.join('\n')}`
}

interface NamedCommand {
  readonly name: string
  readonly command: Command
}

function commandsOf(command: Command, before = ''): NamedCommand[] {
  const name = `${before}${command.name()}`
  return [{ name, command }, ...command.commands.flatMap((each) => commandsOf(each, `${name} `))]
}

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 100, getOutHasColors: () => false })
  command.outputHelp()
  return text.trimEnd()
}
