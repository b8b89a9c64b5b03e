import { createHash } from 'node:crypto'
import { mkdir, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maxInlineContentBytes } from '../../src/model/limits.ts'
import { ContentStoreUnavailableError } from '../../src/processing/content-ports.ts'
import { topic } from '../support/assay-api.ts'
import { openProcessing, type Processing } from './processing-harness.ts'

describe('a content that the storage does not give', () => {
  let processing: Processing
  beforeAll(async () => {
    processing = await openProcessing()
  })
  afterAll(() => processing?.[Symbol.asyncDispose]())

  const large = (title: string) => topic(title, 'x'.repeat(maxInlineContentBytes))
  const fileOf = (text: string) => {
    const key = createHash('sha256').update(text).digest('hex')
    return join(processing.blobDirectory, key.slice(0, 2), key.slice(2, 4), key)
  }

  it.each<[string, (file: string) => Promise<void>, string]>([
    ['missing', rm, 'it is missing in the storage'],
    ['cut off', (file) => truncate(file, 1000), '1000 of its'],
  ])('because it is %s ends its asset with a reason that names nothing of the server', async (kind, damage, says) => {
    const path = `/content/dam/${kind}/a.dita`
    await processing.receive(path, large(kind))
    await damage(fileOf(large(kind)))
    await processing.process(await processing.ordersIn(`/content/dam/${kind}`))
    const { status, problems } = await processing.outcomeOf(path)
    expect([status, problems.map(({ code }) => code)]).toEqual(['FAILURE', ['CONTENT_UNREADABLE']])
    expect(problems[0]!.message).toContain(says)
    expect(JSON.stringify(problems)).not.toMatch(/ENOENT|[0-9a-f]{64}|blobs/)
    // The remedy: the same bytes once more.
    await processing.receive(path, large(kind))
    await processing.process(await processing.ordersIn(`/content/dam/${kind}`))
    expect((await processing.outcomeOf(path)).status).toBe('SUCCESS')
  })

  it('for a reason that may pass is tried again, and its neighbours are done meanwhile', async () => {
    const folder = '/content/dam/passing'
    await processing.receive(`${folder}/a.dita`, large('passing'))
    await processing.receive(`${folder}/b.dita`, topic('Small'))
    const file = fileOf(large('passing'))
    await rename(file, `${file}.away`)
    await mkdir(file)
    const orders = await processing.ordersIn(folder)
    await expect(processing.process(orders)).rejects.toThrow(ContentStoreUnavailableError)
    expect((await processing.outcomeOf(`${folder}/a.dita`)).status).toBe('PENDING')
    expect((await processing.outcomeOf(`${folder}/b.dita`)).status).toBe('SUCCESS')
    await rm(file, { recursive: true })
    await rename(`${file}.away`, file)
    await processing.process(orders)
    expect((await processing.outcomeOf(`${folder}/a.dita`)).status).toBe('SUCCESS')
  })

  it('in the end fails for that reason', async () => {
    const path = '/content/dam/never/a.dita'
    await processing.receive(path, large('never'))
    await rename(fileOf(large('never')), `${fileOf(large('never'))}.away`)
    await mkdir(fileOf(large('never')))
    await processing.giveUp(await processing.ordersIn('/content/dam/never'))
    const { status, problems } = await processing.outcomeOf(path)
    expect([status, problems[0]!.code]).toEqual(['FAILURE', 'CONTENT_UNREADABLE'])
    expect(problems[0]!.message).toBe('The stored content of the file cannot be read: given up after 6 tries.')
  })
})
