import { connect } from 'node:net'
import { apiOf, topic } from '../../support/assay-api.ts'
import type { AssayServer } from '../../support/assay-server.ts'

/** One that is kept in memory until its commit, and one that is streamed. */
const sizes = [100_000, 1_000_000]
const folder = '/content/dam/broken'
const parallel = 16

/** Breaks uploads off at every tenth, and sends many at once to one path. Gives what can be seen of them that must not be. */
export async function breakUploads(server: AssayServer): Promise<string[]> {
  const api = apiOf(server)
  await api.upload(`${folder}/kept.dita`, topic('Kept'))
  await Promise.all(sizes.flatMap((size) => Array.from({ length: 10 }, (_, tenth) => breakOff(server, size, (size * tenth) / 10))))
  const findings: string[] = []
  const left = (await api.settled([folder])).map(({ path }) => path).filter((path) => path !== `${folder}/kept.dita`)
  findings.push(...left.map((path) => `${path} can be seen`))
  if ((await (await api.send(`${folder}/kept.dita`)).text()) !== topic('Kept')) findings.push('a whole content was replaced by a part')

  const path = `${folder}/parallel.dita`
  const receipts = await Promise.all(Array.from({ length: parallel }, (_, index) => api.upload(path, topic(`Title ${index % 4}`))))
  const uuids = new Set(receipts.map(({ uuid }) => uuid))
  if (uuids.size !== 1) findings.push(`one path has ${uuids.size} UUIDs`)
  const last = receipts.reduce((best, receipt) => (receipt.revision > best.revision ? receipt : best))
  await api.settled([path])
  const detail = await api.detail(path)
  if (detail.revision !== last.revision) findings.push(`revision ${last.revision} was acknowledged, ${detail.revision} is there`)
  return findings
}

async function breakOff({ url, authorization }: AssayServer, size: number, sent: number): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const { promise: closed, resolve } = Promise.withResolvers<unknown>()
  socket.on('error', () => {}).on('close', resolve)
  const head = [`PUT ${folder}/${size}-${sent}.dita HTTP/1.1`, 'Host: x', `Authorization: ${authorization}`, `Content-Length: ${size}`]
  socket.write(`${head.join('\r\n')}\r\n\r\n${'x'.repeat(sent)}`)
  socket.end()
  socket.resume()
  await closed
}
