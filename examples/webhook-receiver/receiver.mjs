/**
 * A receiver of webhooks: prints a line for each asset that failed, with the reason, and for each run that is over.
 *
 *     WEBHOOK_SECRET=whsec_… PORT=3000 node receiver.mjs
 *
 * Make the webhook, and get its secret, with
 *
 *     curl -u admin:$PASSWORD http://127.0.0.1:4502/api/v1/webhooks -H 'Content-Type: application/json' \
 *          -d '{"url": "http://127.0.0.1:3000/", "types": ["assay.asset.processed", "assay.run.finished"]}'
 */
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { verifyWebhook, WebhookVerificationError } from 'assay/client'

const secret = process.env.WEBHOOK_SECRET
if (!secret) throw new Error('Set WEBHOOK_SECRET to the secret of the webhook.')

/** Ids of messages that were dealt with: one comes again when its answer was lost. A real receiver keeps them in its database. */
const seen = new Set()

function deal({ type, data }) {
  if (type === 'assay.asset.processed' && data.status === 'FAILURE') {
    console.log(`failed: ${data.path}: ${data.problems.map(({ code, message }) => `${code} ${message}`).join('; ')}`)
  }
  if (type === 'assay.run.finished') console.log(`run ${data.runId} is over`)
}

const server = createServer(async (request, response) => {
  try {
    const event = await verifyWebhook(await buffer(request), request.headers, secret)
    const id = request.headers['webhook-id']
    if (!seen.has(id)) deal(event)
    seen.add(id)
    response.writeHead(204).end()
  } catch (error) {
    // Whoever sent it gets to know nothing; anything else than a success is sent again later.
    response.writeHead(error instanceof WebhookVerificationError ? 400 : 500).end()
  }
})
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
