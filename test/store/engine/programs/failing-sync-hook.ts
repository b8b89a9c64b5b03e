/** Lets the thirtieth sync of the log fail, in the thread that makes them; the next such thread is spared. */
import fs, { existsSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { threadName } from 'node:worker_threads'
import type { Cut } from './power-cut-hook.ts'

if (threadName === 'assay-log') {
  const { known } = JSON.parse(process.env.POWER_CUT!) as Cut
  const { fsyncSync } = fs
  let syncs = 0
  fs.fsyncSync = (descriptor) => {
    if (++syncs < 30 || existsSync(known)) return fsyncSync(descriptor)
    writeFileSync(known, '')
    throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })
  }
  syncBuiltinESMExports()
}
