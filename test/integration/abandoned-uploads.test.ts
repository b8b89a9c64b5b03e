import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { directUploadGraceMs, directUploadMs, maxInlineContentBytes } from '../../src/model/limits.ts'
import { openQueue } from '../../src/queue/open-queue.ts'
import { openDatabase } from '../../src/store/database.ts'
import { apiOf, eventually } from '../support/assay-api.ts'
import { sharedAssay } from '../support/assay-server.ts'

it('the sweep of a server forgets uploads whose time is over, completed or not, and no others', async () => {
  const server = await sharedAssay('postgres')
  const api = apiOf(server)
  const folder = api.folder('abandoned')
  await api.upload(`${folder}/first.txt`, 'makes the folder')
  const post = (operation: string, fields: Record<string, string>) =>
    api.send(`${folder}.${operation}.json`, { method: 'POST', body: new URLSearchParams(fields) })
  const send = async (fileName: string, size: number) => {
    const fileSize = String(size)
    const answer = (await (await post('initiateUpload', { fileName, fileSize })).json()) as {
      files: { uploadToken: string; uploadURIs: string[] }[]
    }
    const { uploadToken, uploadURIs } = answer.files[0]!
    expect((await fetch(uploadURIs[0]!, { method: 'PUT', body: 'x'.repeat(size) })).status).toBe(201)
    const complete = async () => (await post('completeUpload', { fileName, fileSize, mimeType: 'text/plain', uploadToken })).status
    return { id: new URL(uploadURIs[0]!).pathname.split('/')[2]!, complete }
  }
  const [young, small, large, done] = [
    await send('young.txt', 3),
    await send('small.txt', 3),
    await send('large.txt', maxInlineContentBytes + 1),
    await send('done.txt', 3),
  ]
  expect(await done.complete()).toBe(200)

  await using database = await openDatabase({ url: server.databaseUrl! })
  await using queue = await openQueue(database, { onTrouble: () => undefined })
  const old = [small.id, large.id, done.id]
  const then = sql`now() - ${directUploadMs + directUploadGraceMs + 1000} * interval '1 millisecond'`
  await sql`update assay.upload_part set created_at = ${then} where upload = any(${old}::uuid[])`.execute(database.kysely)
  await sql`update assay.completed_upload set completed_at = ${then} where upload = any(${old}::uuid[])`.execute(database.kysely)
  const known = async () => {
    const { rows } = await sql<{ upload: string }>`
      select upload from assay.upload_part where upload = any(${[...old, young.id]}::uuid[])
      union all select upload from assay.completed_upload where upload = any(${[...old, young.id]}::uuid[])`.execute(database.kysely)
    return rows.map(({ upload }) => upload).sort()
  }
  expect(await known()).toEqual([...old, young.id].sort())
  await queue.sendSweep()
  expect(await eventually(known, (uploads) => uploads.length <= 1)).toEqual([young.id])
  expect([await small.complete(), await large.complete(), await young.complete()]).toEqual([400, 400, 200])
  expect((await api.collect([folder])).map(({ path }) => path.slice(folder.length))).toEqual(['/done.txt', '/first.txt', '/young.txt'])
})
