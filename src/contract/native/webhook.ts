import { type Static, Type } from 'typebox'
import { publicEventTypes } from '../../model/event-type.ts'
import { deliveryStatuses, webhookFormats } from '../../model/webhook.ts'
import {
  maxWebhookDescriptionCharacters,
  maxWebhookPaths,
  maxWebhookSecretOverlapSeconds,
  maxWebhookUrlCharacters,
  webhookSecretOverlapSeconds,
} from '../../model/webhook-limits.ts'
import { Instant, orNull } from '../shapes.ts'
import { wireTypePrefix } from './event.ts'
import { PageOf } from './page.ts'

const wireTypes = publicEventTypes.map((type) => `${wireTypePrefix}${type}` as const)

const Url = Type.String({ minLength: 1, maxLength: maxWebhookUrlCharacters, description: 'Where messages are posted: https or http.' })
const Types = orNull(Type.Array(Type.Enum(wireTypes), { minItems: 1, uniqueItems: true }), 'Events that are wanted; null: all.')
const Paths = orNull(
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: maxWebhookPaths }),
  'Folders and assets whose events are wanted; null: all, and events that are about no path.',
)
const Description = Type.String({ maxLength: maxWebhookDescriptionCharacters, description: 'For people: what it is for.' })
const Format = Type.Enum([...webhookFormats], {
  description:
    '`cloudevents`: CloudEvents whose data is the event as the feed shows it. `guides`: CloudEvents of the topic com/adobe/guides/postprocess/complete, whose data has the names and values of AEM Guides; of post-processing alone.',
})
const Enabled = Type.Boolean({ description: 'Off: nothing is sent, and nothing is kept for later.' })

/** A webhook to add. What is absent has its default: everything is wanted, as CloudEvents, and it is on. */
export const CreateWebhookRequest = Type.Object(
  {
    url: Url,
    types: Type.Optional(Types),
    paths: Type.Optional(Paths),
    description: Type.Optional(Description),
    format: Type.Optional(Format),
    enabled: Type.Optional(Enabled),
  },
  { additionalProperties: false },
)
export type CreateWebhookRequest = Static<typeof CreateWebhookRequest>

/** What is not there stays as it is. */
export const ChangeWebhookRequest = Type.Partial(CreateWebhookRequest, { additionalProperties: false, minProperties: 1 })
export type ChangeWebhookRequest = Static<typeof ChangeWebhookRequest>

/** A webhook without its secret. */
export const Webhook = Type.Object({
  id: Type.String(),
  url: Type.String(),
  types: Types,
  paths: Paths,
  description: Type.String(),
  format: Format,
  enabled: Type.Boolean(),
  disabledReason: orNull(Type.String(), 'Why it is off.'),
  failingSince: orNull(Instant, 'Since when every message has failed; null: the last one was delivered.'),
  position: Type.String({ description: 'Id of the last event that was tried, or that it does not want.' }),
  previousSecretsUntil: Type.Array(Instant, {
    description: 'Until when the secrets before sign too, each to an end of its own; the last one to end comes first.',
  }),
  createdBy: Type.String(),
  createdAt: Instant,
  changedAt: Instant,
})
export type Webhook = Static<typeof Webhook>

/** The only answer, with that of a rotation, that holds the secret. */
export const CreatedWebhook = Type.Object({
  ...Webhook.properties,
  secret: Type.String({ description: 'Verifies signatures, as Standard Webhooks says. It cannot be shown again.' }),
})
export type CreatedWebhook = Static<typeof CreatedWebhook>

/** How the change of a secret is to go. */
export const RotateSecretRequest = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: maxWebhookSecretOverlapSeconds,
        default: webhookSecretOverlapSeconds,
        description: 'How long the secret before signs too; those before it keep their ends. 0: all of them end at once.',
      }),
    ),
  },
  { additionalProperties: false },
)

const DeliveryTry = Type.Object({
  at: Instant,
  durationMs: Type.Integer(),
  status: orNull(Type.Integer(), 'HTTP status; null: there was no answer.'),
  excerpt: Type.String({ description: 'The beginning of the answer.' }),
  error: orNull(Type.String(), 'Why it failed; null: it was delivered.'),
})

/** A message, and what came of it. */
export const Delivery = Type.Object({
  id: Type.Integer(),
  webhookId: Type.String(),
  messageId: Type.String({ description: '`webhook-id`, the same at every try; id of the event.' }),
  type: Type.String(),
  path: orNull(Type.String()),
  status: Type.Enum([...deliveryStatuses], { description: 'PENDING: it will be tried, perhaps again.' }),
  failures: Type.Integer({ description: 'Tries that failed since it was asked for, or asked for again.' }),
  tries: Type.Array(DeliveryTry, { description: 'The last ones, oldest first.' }),
  nextTryAt: orNull(Instant),
  createdAt: Instant,
  finishedAt: orNull(Instant),
})
export type Delivery = Static<typeof Delivery>

/** A delivery with what is sent. */
export const DeliveryDetail = Type.Object({
  ...Delivery.properties,
  body: orNull(Type.String(), 'What is posted; null: its event is not kept any more.'),
})
export type DeliveryDetail = Static<typeof DeliveryDetail>

/** All webhooks: there are few, so that they are one page. */
export const WebhookList = Type.Object({ items: Type.Array(Webhook), nextCursor: Type.Null() })

/** A page of the log of deliveries, newest first. */
export const DeliveryPage = PageOf(Delivery)
export type DeliveryPage = Static<typeof DeliveryPage>

/** Which messages are to be sent again. */
export const ReplayRequest = Type.Object(
  {
    what: Type.Enum(['failed', 'never-attempted'], {
      description: '`failed`: deliveries that were given up. `never-attempted`: events from before it was added, or while it was off.',
    }),
    since: Type.String({ format: 'date-time', description: 'From when on, RFC 3339.' }),
  },
  { additionalProperties: false },
)
export type ReplayRequest = Static<typeof ReplayRequest>

/** How many deliveries were taken up. */
export const ReplayAnswer = Type.Object({
  replayed: Type.Integer(),
  more: Type.Boolean({ description: 'There are more: ask again.' }),
})
export type ReplayAnswer = Static<typeof ReplayAnswer>
