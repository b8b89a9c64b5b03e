import { type Command, Option } from 'commander'
import { maxPrintedChanges } from '../../model/event-limits.ts'
import { defaultPageItems } from '../../model/http-limits.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { parseCount } from '../options/parse-count.ts'
import { parseTime } from '../options/parse-time.ts'
import { repeatable } from '../options/repeatable-option.ts'
import { printEvent } from '../output/event-line.ts'
import type { Terminal } from '../output/terminal.ts'

interface AuditFlags extends ConnectionFlags {
  readonly actor?: string[]
  readonly type?: string[]
  readonly path?: string[]
  readonly since?: string
  readonly until?: string
  readonly order?: 'newest' | 'oldest'
  readonly limit?: string
  readonly json?: boolean
}

/** `assay audit`: who changed what when. */
export function registerAudit(program: Command, terminal: Terminal): void {
  const command = program
    .command('audit')
    .description('print who changed what and when, newest first')
    .addOption(repeatable('--actor <actor>', 'only what these have done: admin, token:<id>'))
    .addOption(repeatable('--type <type>', 'only changes of this type, such as assay.asset.deleted'))
    .addOption(repeatable('--path <path>', 'only changes of this folder or asset'))
    .option('--since <time>', 'from then on (RFC 3339), such as 2026-11-01T00:00:00Z')
    .option('--until <time>', 'before then (RFC 3339)')
    .addOption(new Option('--order <order>', 'which comes first (default: newest)').choices(['newest', 'oldest']))
    .option('--limit <number>', `how many (default ${defaultPageItems})`)
    .option('--json', 'print one JSON object a line')
  withConnection(command).action(async ({ actor, type, path, limit, json = false, since, until, order, ...flags }: AuditFlags) => {
    const most = parseCount('--limit', limit ?? String(defaultPageItems), maxPrintedChanges)
    const wanted = {
      ...(actor && { actors: actor }),
      ...(type && { types: type }),
      ...(path && { paths: path }),
      ...(since !== undefined && { since: parseTime('--since', since) }),
      ...(until !== undefined && { until: parseTime('--until', until) }),
      ...(order && { order }),
    }
    let printed = 0
    for await (const change of (await connect(flags)).audit(wanted)) {
      if (json) terminal.print(JSON.stringify(change))
      else printEvent(terminal, change)
      if (++printed === most) return
    }
    if (printed === 0) terminal.remark('There are no such changes.')
  })
}
