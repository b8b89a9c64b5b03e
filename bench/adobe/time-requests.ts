/** Loaded into a server before it starts: writes how long each completeUpload took it, in ms, to the file named in the environment when it ends. */
import { subscribe } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { isMainThread } from 'node:worker_threads'

const file = process.env.ASSAY_BENCH_TIMES
if (isMainThread && file) {
  const began = new WeakMap<IncomingMessage, number>()
  const times: number[] = []
  subscribe('http.server.request.start', (message) => began.set((message as { request: IncomingMessage }).request, performance.now()))
  subscribe('http.server.response.finish', (message) => {
    const { request } = message as { request: IncomingMessage }
    if (request.url!.endsWith('.completeUpload.json')) times.push(performance.now() - began.get(request)!)
  })
  process.on('exit', () => writeFileSync(file, JSON.stringify(times)))
}
