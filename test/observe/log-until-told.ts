import { once } from 'node:events'
import { createLogger } from '../../src/observe/logger.ts'

process.stdout.on('error', () => {})
const logger = createLogger({ level: 'info' })
logger.info('ready')
process.stdin.resume()
await once(process.stdin, 'end')
for (let line = 0; line < 100; line++) logger.info({ line }, 'to nobody')
process.exitCode = 7
