import type { Command } from 'commander'
import { type Client, ClientError } from '../../client/index.ts'
import type { Rules } from '../../contract/native/rules.ts'
import { rulesChangeTries } from '../../model/path-rule-limits.ts'
import { type RuleList, ruleLists } from '../../model/path-rules.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { UsageError } from '../failure.ts'
import { counted, type Terminal, visible } from '../output/terminal.ts'

const listArgument = ['<list>', `${ruleLists.join(' or ')}`] as const
const rulesArgument = ['<rule...>', 'a path such as /content/dam/drafts, or regex:/content/dam/.*/drafts'] as const

/** `assay rules list|add|remove|test`: which paths are post-processed. */
export function registerRules(program: Command, terminal: Terminal): void {
  const rules = program.command('rules').description('show and change which paths are post-processed')

  withConnection(rules.command('list', { isDefault: true }).description('list the paths that are ignored and enabled')).action(
    async (flags: ConnectionFlags) => {
      printRules(terminal, await (await connect(flags)).readRules())
    },
  )

  const add = rules
    .command('add')
    .description('add rules; they are applied at once')
    .argument(...listArgument)
    .argument(...rulesArgument)
  withConnection(add).action(async (list: string, entries: string[], flags: ConnectionFlags) => {
    const name = parseList(list)
    const changed = await change(await connect(flags), (now) => ({ ...now, [name]: [...now[name], ...entries] }))
    printEffect(terminal, changed)
  })

  const remove = rules
    .command('remove')
    .description('remove rules')
    .argument(...listArgument)
    .argument('<rule...>', 'as list shows them')
  withConnection(remove).action(async (list: string, entries: string[], flags: ConnectionFlags) => {
    const name = parseList(list)
    const changed = await change(await connect(flags), (now) => {
      const unknown = entries.find((entry) => !now[name].includes(entry))
      if (unknown !== undefined) throw new UsageError(`"${unknown}" is no rule of the ${name} paths: assay rules list shows them.`)
      return { ...now, [name]: now[name].filter((entry) => !entries.includes(entry)) }
    })
    printEffect(terminal, changed)
  })

  const test = rules
    .command('test')
    .description('tell what the rules say of a path, and which one decides')
    .argument('<path...>', 'assets or folders; nothing need be there')
  withConnection(test).action(async (paths: string[], flags: ConnectionFlags) => {
    const client = await connect(flags)
    for (const path of paths) {
      const { processed, explanation } = await client.decideByRules(path)
      const mark = processed ? terminal.paint('green', '✓') : terminal.paint('yellow', '–')
      terminal.print(`${mark} ${terminal.paint('bold', visible(path))}: ${visible(explanation)}`)
    }
  })
}

function parseList(list: string): RuleList {
  const known = ruleLists.find((name) => name === list)
  if (known === undefined) throw new UsageError(`The list is ${ruleLists.join(' or ')}. It is "${list}".`)
  return known
}

/** Reads, changes and writes; again where somebody else was faster. */
async function change(client: Client, edit: (now: Pick<Rules, RuleList>) => Pick<Rules, RuleList>): Promise<Rules> {
  for (let attempt = 1; ; attempt++) {
    const now = await client.readRules()
    try {
      return await client.changeRules(edit(now), now)
    } catch (error) {
      if (!(error instanceof ClientError && error.status === 412) || attempt === rulesChangeTries) throw error
    }
  }
}

function printRules(terminal: Terminal, rules: Rules): void {
  for (const list of ruleLists) for (const entry of rules[list]) terminal.print(`${list.padEnd(8)} ${visible(entry)}`)
  if (!rules.applied) terminal.remark('The last change is still being applied to the assets that are there.')
}

function printEffect(terminal: Terminal, rules: Rules): void {
  printRules(terminal, rules)
  const { newlyEnabled, newlyIgnored } = rules
  terminal.remark(`${counted(newlyEnabled, 'asset')} newly post-processed, ${counted(newlyIgnored, 'asset')} no longer.`)
}
