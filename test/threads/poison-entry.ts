/** The real thread, but for contents and orders marked with what they are to do to it. */
import { writeSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
import { serveTasks } from '../../src/threads/serve-tasks.ts'
import { skills } from '../../src/threads/skills.ts'

const misdeeds: Readonly<Record<string, () => void>> = {
  'say where and hang'() {
    writeSync(1, `reading in ${process.pid}\n`)
    for (;;);
  },
  hang() {
    for (;;);
  },
  /** As long, without taking the processor from other tests. */
  stall() {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
  'exhaust the heap'() {
    // Growing a Map needs ever larger pieces at once, at which V8 by itself would end the whole process.
    const kept = new Map<string, number[]>()
    for (;;) kept.set(`key ${kept.size}`, [kept.size])
  },
  'hoard buffers'() {
    const kept: Uint8Array[] = []
    for (;;) kept.push(new Uint8Array(1_000_000).fill(1))
  },
  'kill the process'() {
    process.kill(process.pid, 'SIGKILL')
    for (;;);
  },
  exit() {
    process.exit(0)
  },
  'throw out of turn'() {
    setImmediate(() => {
      throw new Error('thrown by a callback')
    })
    // Until the callback has had its turn, the content is still being read.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  },
  throw() {
    throw new Error('thrown by the reader')
  },
  'say which thread'() {
    console.log(`thread ${threadId}`)
  },
  print() {
    console.log('printed by a thread')
    process.stderr.write(`environment: ${JSON.stringify(process.env)}, arguments: ${process.argv.length}\n`)
  },
}

serveTasks({
  async read(content, bytes) {
    const text = Buffer.from(bytes).toString()
    for (const [name, misbehave] of Object.entries(misdeeds)) if (text.includes(`<!-- ${name} -->`)) misbehave()
    // One turn of the event loop, so that callbacks run while their content is the one at hand.
    await new Promise(setImmediate)
    return skills.read(content, bytes)
  },
  isPicture: skills.isPicture,
  excerpts: skills.excerpts,
  resolver(targets) {
    const resolve = skills.resolver(targets)
    return (order) => {
      if (order.path.endsWith('/stall.dita')) misdeeds.stall!()
      return resolve(order)
    }
  },
})
