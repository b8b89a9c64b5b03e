import type {
  ChangeWebhookRequest,
  CreatedWebhook,
  CreateWebhookRequest,
  Delivery,
  DeliveryDetail,
  DeliveryPage,
  ReplayAnswer,
  ReplayRequest,
  Webhook,
} from '../contract/native/webhook.ts'
import { readAs, readJsonObject, requireText } from './json-answer.ts'
import type { Send } from './transport.ts'

const endpoint = '/api/v1/webhooks'
const addressOf = (id: string, ...rest: (string | number)[]) => [endpoint, ...[id, ...rest].map(encodeURIComponent)].join('/')
const json = { 'content-type': 'application/json' }

/** Adds a webhook. Not repeated by itself: a lost answer would leave one behind whose secret nobody knows. */
export function addWebhook(send: Send, request: CreateWebhookRequest): Promise<CreatedWebhook> {
  return send({ method: 'POST', target: endpoint, headers: json, body: JSON.stringify(request), repeatable: false }, readSecret)
}

/** All webhooks, without their secrets. */
export function listWebhooks(send: Send): Promise<readonly Webhook[]> {
  return send({ method: 'GET', target: endpoint, repeatable: true }, async (response) => {
    const { items } = await readJsonObject(response)
    return (items ?? []) as Webhook[]
  })
}

/** Changes what is given. */
export function changeWebhook(send: Send, id: string, changes: ChangeWebhookRequest): Promise<Webhook> {
  const body = JSON.stringify(changes)
  return send({ method: 'PATCH', target: addressOf(id), headers: json, body, repeatable: true }, readAs<Webhook>)
}

/** Removes a webhook with its deliveries. */
export function removeWebhook(send: Send, id: string): Promise<void> {
  return send({ method: 'DELETE', target: addressOf(id), repeatable: true, isRemoval: true }, async (response) => {
    await response.body?.cancel()
  })
}

/**
 * Makes another secret; until `overlapSeconds` have passed the one before signs too, and 0 ends all earlier ones at once. Not repeated by
 * itself, as for {@link addWebhook}.
 */
export function rotateWebhookSecret(send: Send, id: string, overlapSeconds?: number): Promise<CreatedWebhook> {
  const body = JSON.stringify(overlapSeconds === undefined ? {} : { overlapSeconds })
  return send({ method: 'POST', target: addressOf(id, 'rotate'), headers: json, body, repeatable: false }, readSecret)
}

/** Has a message sent that tells of nothing. */
export function testWebhook(send: Send, id: string): Promise<Delivery> {
  return send({ method: 'POST', target: addressOf(id, 'test'), repeatable: false }, readAs<Delivery>)
}

/** The newest deliveries, up to a page. */
export function listDeliveries(
  send: Send,
  id: string,
  { status, limit }: { readonly status?: Delivery['status'] | undefined; readonly limit: number },
): Promise<DeliveryPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(status && { status }) })
  return send({ method: 'GET', target: `${addressOf(id, 'deliveries')}?${query}`, repeatable: true }, readAs<DeliveryPage>)
}

/** One delivery with what is posted. */
export function readDelivery(send: Send, id: string, delivery: number): Promise<DeliveryDetail> {
  return send({ method: 'GET', target: addressOf(id, 'deliveries', delivery), repeatable: true }, readAs<DeliveryDetail>)
}

/** Has a delivery sent again. */
export function replayDelivery(send: Send, id: string, delivery: number): Promise<Delivery> {
  return send({ method: 'POST', target: addressOf(id, 'deliveries', delivery, 'replay'), repeatable: true }, readAs<Delivery>)
}

/** Has sent again what failed, or was never tried. */
export function replayDeliveries(send: Send, id: string, request: ReplayRequest): Promise<ReplayAnswer> {
  const body = JSON.stringify(request)
  return send({ method: 'POST', target: addressOf(id, 'replay'), headers: json, body, repeatable: true }, readAs<ReplayAnswer>)
}

async function readSecret(response: Response): Promise<CreatedWebhook> {
  const answer = await readJsonObject(response)
  requireText(answer, 'secret')
  return answer as unknown as CreatedWebhook
}
