import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { webhookRetryAfterMaxMs } from '../../src/model/webhook-limits.ts'
import { webhookLookRest, webhookRetryDelay } from '../../src/model/webhook-retries.ts'
import { createWebhookSecret, webhookHeaders } from '../../src/model/webhook-signature.ts'

it('tries after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, and then no more', () => {
  const seconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
  expect(seconds.map((_, failures) => webhookRetryDelay(failures + 1, null, 0.5))).toEqual(seconds.map((each) => each * 1000))
  expect(webhookRetryDelay(10, null, 0.5)).toBeNull()
  expect(webhookRetryDelay(1, null, 0)).toBeCloseTo(4000)
  expect(webhookRetryDelay(1, null, 1)).toBeCloseTo(6000)
})

it('waits as long as the receiver asks for, never less than planned, and a day at most', () => {
  expect(webhookRetryDelay(1, 60_000, 0.5)).toBe(60_000)
  expect(webhookRetryDelay(2, 60_000, 0.5)).toBe(300_000)
  expect(webhookRetryDelay(1, 1e12, 0.5)).toBe(webhookRetryAfterMaxMs)
})

it('signs as Standard Webhooks says, so that either of two secrets verifies and a third does not', () => {
  const [old, current, other] = [createWebhookSecret(), createWebhookSecret(), createWebhookSecret()]
  const body = JSON.stringify({ specversion: '1.0', subject: '/content/dam/größe – 名.dita' })
  const headers = webhookHeaders({ id: 'evt_1', timestamp: Math.floor(Date.now() / 1000), body }, [current, old])
  for (const secret of [old, current]) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
  expect(() => new Webhook(other).verify(body, headers)).toThrow()
  expect(() => new Webhook(current).verify(body.replace('1.0', '1.1'), headers)).toThrow()
})

it('rests after a look for new events, longer after a longer one, but never so long that a message is late', () => {
  expect([1, 10, 20, 200].map(webhookLookRest)).toEqual([25, 40, 80, 100])
})
