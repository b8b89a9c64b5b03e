import { readFileSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { startAssay } from '../support/assay-server.ts'

const miB = 1024 * 1024

/** Highest memory of the process since {@link resetPeak}, in MiB. */
function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

/** Opening the database takes more memory than an upload: what was before does not count (proc(5), clear_refs). */
function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function* zeros(sizeMiB: number): Generator<Uint8Array> {
  const piece = new Uint8Array(miB)
  for (let sent = 0; sent < sizeMiB; sent++) yield piece
}

it.runIf(process.platform === 'linux')('streams a large upload instead of holding it', { timeout: 60_000 }, async () => {
  await using server = await startAssay()
  const upload = async (name: string, sizeMiB: number) => {
    const body = Readable.toWeb(Readable.from(zeros(sizeMiB))) as unknown as ReadableStream
    const headers = { authorization: server.authorization }
    const response = await fetch(`${server.url}/content/dam/${name}.bin`, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit)
    expect(response.status).toBe(201)
  }
  // Buffers that any upload needs, and that are kept for the next one.
  await upload('warm', 64)
  resetPeak(server.pid)
  const before = peakMemory(server.pid)
  await upload('large', 300)
  expect(peakMemory(server.pid) - before).toBeLessThan(150)
})
