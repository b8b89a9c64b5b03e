import { pathKey } from '../model/asset-path.ts'
import type { EventFilter } from '../model/event.ts'
import { type EventType, publicEventTypes } from '../model/event-type.ts'
import type { WebhookRow } from './queries/create-webhook.ts'

/** AEM Guides tells of nothing else. */
const guidesTypes: readonly EventType[] = ['asset.processed']

/** The events that a webhook wants. What is for administrators alone is never among them: a receiver may be anybody. */
export function filterOfWebhook({ format, types, paths }: Pick<WebhookRow, 'format' | 'types' | 'paths'>): EventFilter {
  const wanted = format === 'guides' ? guidesTypes : ((types as readonly EventType[] | null) ?? publicEventTypes)
  return { types: wanted, ...(paths && { paths: paths.map(pathKey) }) }
}
