import { Webhook } from 'standardwebhooks'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, eventually, topic } from '../support/assay-api.ts'
import { sharedAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'
import { startReceiver } from '../webhooks/receivers.ts'

interface Added {
  readonly id: string
  readonly secret: string
}

describe.each(engines)('webhooks (%s)', (engine) => {
  let api: AssayApi
  beforeAll(async () => {
    api = apiOf(await sharedAssay(engine))
  })

  const post = (address: string, body: object) =>
    api.send(address, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  async function add(order: object): Promise<Added & AsyncDisposable> {
    const response = await post('/api/v1/webhooks', order)
    expect(response.status).toBe(201)
    const added = (await response.json()) as Added
    return {
      ...added,
      async [Symbol.asyncDispose]() {
        await api.send(`/api/v1/webhooks/${added.id}`, { method: 'DELETE' })
      },
    }
  }

  it('tell of an upload and of its post-processing, signed, as CloudEvents', async () => {
    await using receiver = await startReceiver()
    const folder = api.folder('webhooks')
    await using webhook = await add({ url: receiver.url, paths: [folder], types: ['assay.asset.received', 'assay.asset.processed'] })
    const { uuid } = await api.upload(`${folder}/good.dita`, topic('Good'))
    await api.upload(`${folder}/broken.dita`, '<topic id="x"><title>Never <b>closed</title></topic>')
    const received = await receiver.got(4)
    for (const { body, headers, id, event } of received) {
      expect(new Webhook(webhook.secret).verify(body, headers as Record<string, string>)).toEqual(event)
      expect(event).toMatchObject({ specversion: '1.0', id, source: expect.stringMatching(/^urn:uuid:/), data: { id, type: event.type } })
    }
    const of = (name: string) => received.filter(({ event }) => event.subject === `${folder}/${name}`).map(({ event }) => event)
    expect(of('good.dita').map(({ type }) => type)).toEqual(['assay.asset.received', 'assay.asset.processed'])
    expect(of('good.dita')[1]!.data).toMatchObject({ uuid, revision: 1, status: 'SUCCESS' })
    expect(of('broken.dita')[1]!.data).toMatchObject({ status: 'FAILURE', problems: [{ code: 'NOT_WELL_FORMED' }] })
  })

  it('speak as AEM Guides does where that is wanted', async () => {
    await using receiver = await startReceiver()
    const folder = api.folder('webhooks-guides')
    await using _webhook = await add({ url: receiver.url, paths: [folder], format: 'guides' })
    const { uuid } = await api.upload(`${folder}/broken.dita`, '<topic id="x"><title>Never <b>closed</title></topic>')
    const [{ event }] = (await receiver.got(1)) as [(typeof receiver.received)[0]]
    expect(event.type).toBe('com/adobe/guides/postprocess/complete')
    const errorMsg = expect.stringMatching(/./)
    expect(event.data).toEqual({ path: `${folder}/broken.dita`, uuid, eventType: 'CREATE', status: 'FAILED', errorMsg })
  })

  it('keep a log of what was sent, and send it again with the same id', async () => {
    await using receiver = await startReceiver()
    await using webhook = await add({ url: receiver.url, types: ['assay.asset.moved'] })
    const response = await api.send(`/api/v1/webhooks/${webhook.id}/test`, { method: 'POST' })
    expect(response.status).toBe(202)
    const address = response.headers.get('location')!
    const outcome = () =>
      eventually(
        async () => (await (await api.send(address)).json()) as { status: string; body: string; tries: { status: number }[] },
        ({ status }) => status === 'SUCCESS',
      )
    expect(await outcome()).toMatchObject({ tries: [{ status: 204 }], body: receiver.received[0]!.body })
    expect((await api.send(`${address}/replay`, { method: 'POST' })).status).toBe(202)
    await receiver.got(2)
    expect((await outcome()).tries).toHaveLength(2)
    expect(receiver.received[1]!.id).toBe(receiver.received[0]!.id)
  })

  it('show their secret once', async () => {
    await using webhook = await add({ url: 'https://receiver.invalid/', enabled: false })
    expect(webhook.secret).toMatch(/^whsec_/)
    for (const address of ['/api/v1/webhooks', `/api/v1/webhooks/${webhook.id}`]) {
      const text = await (await api.send(address)).text()
      expect(text).toContain(webhook.id)
      expect(text).not.toContain(webhook.secret)
    }
  })

  it('reach nothing that is not public', async () => {
    for (const url of [
      'http://169.254.169.254/latest/meta-data',
      'http://[::ffff:10.0.0.1]/',
      'http://0x0a000001/',
      'http://127.0.0.2:4502/',
      'gopher://x/',
    ]) {
      const response = await post('/api/v1/webhooks', { url })
      expect(response.status, url).toBe(400)
      expect(await response.json()).toMatchObject({ errors: [{ pointer: '/url' }] })
    }
  })
})
