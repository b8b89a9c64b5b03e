import { ApiError } from '../../../contract/errors.ts'
import { wireTypePrefix } from '../../../contract/native/event.ts'
import type { ChangeWebhookRequest } from '../../../contract/native/webhook.ts'
import type { WebhookChanges } from '../../../store/queries/change-webhook.ts'
import { parsePathParameter } from '../../input/path-parameter.ts'
import type { HttpServices } from '../../services.ts'

/** What a request wants of a webhook, checked and as it is stored. Rejects with an ApiError that names the field. */
export async function readWebhookOrder(
  { webhooks }: Pick<HttpServices, 'webhooks'>,
  request: ChangeWebhookRequest,
): Promise<WebhookChanges> {
  const { url, types, paths, description, format, enabled } = request
  const refusal = url === undefined ? null : await webhooks.refusalOf(url)
  if (refusal !== null) throw new ApiError('invalidInput', `The URL ${refusal}`, { errors: [{ pointer: '/url', detail: refusal }] })
  return {
    ...(url !== undefined && { url: new URL(url).href }),
    ...(types !== undefined && { types: types?.map((type) => type.slice(wireTypePrefix.length)) ?? null }),
    ...(paths !== undefined && { paths: paths?.map((path, index) => parsePathParameter(path, `/paths/${index}`)) ?? null }),
    ...(description !== undefined && { description }),
    ...(format !== undefined && { format }),
    ...(enabled !== undefined && { enabled }),
  }
}
