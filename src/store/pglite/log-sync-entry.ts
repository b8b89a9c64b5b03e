import { workerData } from 'node:worker_threads'
import { LogSync } from './log-sync.ts'

new LogSync(workerData as SharedArrayBuffer).serve()
