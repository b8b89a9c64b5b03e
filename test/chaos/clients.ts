import { setTimeout as pause } from 'node:timers/promises'
import { apiOf, type JobAnswer, topic } from '../support/assay-api.ts'
import type { AssayServer } from '../support/assay-server.ts'
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts'
import type { History, Operation } from './history.ts'

/** Where the clients send to. */
export type Target = Pick<AssayServer, 'url' | 'authorization'>

export interface Client {
  readonly folder: string
  readonly random: SeededRandom
}

/** What the clients went through that the history does not tell. */
export interface Experience {
  /** Requests answered with 503 and Retry-After, or with another refusal that is right. */
  refused: number
  /** How connections were cut while an answer was awaited; not those that were refused. */
  readonly cut: string[]
}

const pathsPerFolder = 40
const largeImportFiles = 100
/** Shorter than any Retry-After: the more requests meet a fault, the better. */
const retryPauseMs = 100

/** Clients with a folder and random numbers of their own each. */
export function createClients(root: string, count: number, random: SeededRandom): readonly Client[] {
  const seeds = Array.from({ length: count }, () => random.integer(0, 2 ** 32 - 1))
  return seeds.map((seed, index) => ({ folder: `${root}/${index}`, random: seededRandom('', seed) }))
}

let titles = 0

/**
 * Parallel clients that upload, replace, remove, import and ask for status lists until the server is gone or `stop` fires. Settles when
 * all have ended. What no client should be answered becomes a violation of the history. `refusals`: what the server may answer besides 503 because
 * of what is done to it: 507 on a full disk, 408 when it stood still while headers came.
 */
export async function runClients(
  target: Target,
  history: History,
  clients: readonly Client[],
  stop: AbortSignal,
  refusals: readonly number[] = [],
): Promise<Experience> {
  const experience: Experience = { refused: 0, cut: [] }
  await Promise.all(clients.map((client) => new Session({ target, refusals }, history, client, experience).run(stop)))
  return experience
}

class Session {
  readonly #api: ReturnType<typeof apiOf>
  readonly #refusals: readonly number[]
  readonly #history: History
  readonly #folder: string
  readonly #random: SeededRandom
  readonly #experience: Experience
  /** The server has said that it stops. */
  #isStopping = false

  constructor(
    { target, refusals }: { readonly target: Target; readonly refusals: readonly number[] },
    history: History,
    { folder, random }: Client,
    experience: Experience,
  ) {
    this.#api = apiOf(target, false)
    this.#refusals = refusals
    this.#history = history
    this.#folder = folder
    this.#random = random
    this.#experience = experience
  }

  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && !this.#isStopping) {
      try {
        await this.#act()
      } catch (error) {
        // The connection broke: that is the end of this server. Anything else is a fault of the test.
        if (!(error instanceof TypeError)) throw error
        if (codeOf(error) !== 'ECONNREFUSED') this.#experience.cut.push(codeOf(error))
        return
      }
    }
  }

  async #act(): Promise<void> {
    const kind = this.#random.integer(1, 200)
    const path = `${this.#folder}/${this.#random.integer(0, pathsPerFolder)}.dita`
    if (kind <= 2) await this.#import(`${this.#folder}/many`, 0, largeImportFiles)
    else if (kind <= 30) await this.#import(this.#folder, this.#random.integer(0, pathsPerFolder - 5), 5)
    else if (kind <= 55) await this.#remove(path)
    else if (kind <= 63) await this.#list()
    else await this.#upload(path)
  }

  async #remove(path: string): Promise<void> {
    const operation = this.#history.remove(path)
    const response = await this.#send([operation], () => this.#api.remove(path))
    // What is not there is gone as well.
    if (response?.ok || response?.status === 404) operation.succeeded()
    await response?.arrayBuffer()
  }

  async #upload(path: string): Promise<void> {
    const title = `Title ${++titles}`
    const operation = this.#history.put(path, title)
    const response = await this.#send([operation], () => this.#api.put(path, topic(title, body(this.#random))))
    if (response) operation.succeeded(((await response.json()) as { uuid: string }).uuid)
  }

  async #import(folder: string, first: number, count: number): Promise<void> {
    const form = new FormData()
    form.append('target', folder)
    const operations = Array.from({ length: count }, (_, index) => {
      const title = `Title ${++titles}`
      const name = `${first + index}.dita`
      form.append('file', new Blob([topic(title, body(this.#random))]), name)
      return this.#history.put(`${folder}/${name}`, title)
    })
    const response = await this.#send(operations, () => this.#api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form }))
    if (!response) return
    const { files } = (await response.json()) as { files: { uuid?: string }[] }
    for (const [index, operation] of operations.entries()) {
      const { uuid, ...file } = files[index]!
      if (uuid) operation.succeeded(uuid)
      else this.#history.violate(`An import answered ${JSON.stringify(file)}.`)
    }
  }

  /** Nobody else writes in the folder, so a list that is made now must say what this client knows. */
  async #list(): Promise<void> {
    const response = await this.#send([], () => this.#api.start({ paths: [this.#folder] }, { prefer: 'wait=10' }))
    if (!response) return
    const job = (await response.json()) as JobAnswer
    this.#history.statusJobs.set(job.jobId, null)
    // A folder that does not exist yet is listed as missing.
    if (job.assets)
      this.#history.observeList(
        this.#folder,
        job.assets.filter(({ exists }) => exists),
      )
  }

  /** `null` when it was refused for the moment; then the operations may have happened or not. */
  async #send(operations: readonly Operation[], request: () => Promise<Response>): Promise<Response | null> {
    const lost = (why: string) => {
      for (const operation of operations) operation.unknown(why)
    }
    let response: Response
    try {
      response = await request()
    } catch (error) {
      lost(codeOf(error))
      throw error
    }
    if (response.ok || response.status === 404) return response
    const text = await response.text()
    lost(String(response.status))
    if (response.status === 503) {
      if (!response.headers.has('retry-after')) this.#history.violate(`Answered with 503 without Retry-After: ${text}`)
    } else if (!this.#refusals.includes(response.status)) this.#history.violate(`Answered with ${response.status}: ${text}`)
    this.#experience.refused++
    this.#isStopping = text.includes('"ASSAY-STOPPING"')
    await pause(retryPauseMs)
    return null
  }
}

function codeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? String(error)
}

/** Small, and sometimes so large that it is no longer kept in the database. */
function body(random: SeededRandom): string {
  return `<p>${'x'.repeat(random.chance(0.03) ? 200_000 : random.integer(0, 2000))}</p>`
}
