import { describe, expect, it } from 'vitest'
import { createReceiverGuard } from '../../src/webhooks/receiver-guard.ts'
import { createHostResolver } from '../../src/webhooks/resolve-host.ts'

const guard = createReceiverGuard([])

/** What a name server says; addresses may change from one question to the next. */
function answering(...answers: string[][]) {
  let asked = 0
  return async () => {
    const addresses = answers[Math.min(asked++, answers.length - 1)]!
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
}

describe('refuses what is not public, however it is written', () => {
  it.each([
    'localhost',
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '017700000001',
    '0177.0.0.01',
    '%31%32%37.0.0.1',
    '１２７.０.０.１',
    '127。0。0。1',
    '0',
    '10.1.2.3',
    '100.64.0.1',
    '168.63.129.16',
    '169.254.169.254',
    '172.31.255.255',
    '192.0.0.192',
    '192.168.0.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[::ffff:8.8.8.8]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::a00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[2001:db8::1]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[5f00::1]',
  ])('%s', async (host) => {
    expect(await guard.refusalOf(`http://${host}/hook`)).toContain('is not a public address')
  })

  it.each(['8.8.8.8', '172.32.0.1', '[2606:4700:4700::1111]', 'unknown.invalid'])('but not %s', async (host) => {
    expect(await guard.refusalOf(`https://${host}/hook`)).toBeNull()
  })
})

describe('refuses', () => {
  it.each([
    ['other schemes', 'file:///etc/passwd', 'must begin with https://'],
    ['what is no URL', '/hook', 'must begin with https://'],
    ['what has no host', 'https://300.1.1.1/', 'has no valid host'],
    ['ports that there are not', 'https://8.8.8.8:70000/', 'has no valid host or port'],
    ['credentials', 'https://user:secret@8.8.8.8/', 'holds a credential'],
    ['ports of other services', 'http://8.8.8.8:25/', 'has the port 25'],
  ])('%s', async (_what, url, reason) => {
    expect(await guard.refusalOf(url)).toContain(reason)
  })

  it('a name one of whose addresses is private', async () => {
    const mixed = createReceiverGuard([], answering(['8.8.8.8', '10.0.0.1']))
    expect(await mixed.refusalOf('https://mixed.example/')).toContain('leads to 10.0.0.1')
  })

  it('a name that was public when it was checked and is private when it is connected to', async () => {
    const rebinding = createReceiverGuard([], answering(['8.8.8.8'], ['169.254.169.254']))
    const url = rebinding.parseUrl('https://rebinding.example/')
    expect(await rebinding.refusalOf(url.href)).toBeNull()
    const { promise, resolve } = Promise.withResolvers<Error | null>()
    rebinding.lookupFor(url)(url.hostname, { all: true }, resolve)
    expect((await promise)?.message).toContain('leads to 169.254.169.254')
  })
})

describe('what the setting allows', () => {
  const allowing = createReceiverGuard(['10.1.0.0/16', '127.0.0.1', 'fd12::/16', 'hooks.internal'], answering(['192.168.0.1']))
  it.each(['10.1.2.3', '127.0.0.1:3000', '[fd12::1]:9000', 'hooks.internal:3000', 'Hooks.Internal.'])('is let in: %s', async (host) => {
    expect(await allowing.refusalOf(`http://${host}/`)).toBeNull()
  })
  it.each(['10.2.0.1', '127.0.0.2', '[fd13::1]', 'other.internal', 'hooks.internal.evil.example'])('is all that is: %s', async (host) => {
    expect(await allowing.refusalOf(`http://${host}/`)).toContain('not a public address')
  })
})

it('names whose name servers are dead delay no others, and are not asked for when nobody waits any more', async () => {
  const asked: string[] = []
  const dead = Promise.withResolvers<never>()
  const resolve = createHostResolver((name) => {
    asked.push(name)
    return name.startsWith('dead') ? dead.promise : Promise.resolve([{ address: '192.88.0.1', family: 4 }])
  }, 50)
  const late = () => expect(resolve('dead.example')).rejects.toMatchObject({ code: 'ETIMEOUT' })
  await late()
  const others = Array.from({ length: 20 }, late)
  expect(await resolve('alive.example')).toHaveLength(1)
  await Promise.all(others)
  dead.reject(new Error('no answer'))
  expect(await resolve('alive.example')).toHaveLength(1)
  expect(asked).toEqual(['dead.example', 'alive.example', 'alive.example'])
})
