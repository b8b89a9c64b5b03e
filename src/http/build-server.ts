import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import {
  connectionsCheckIntervalMs,
  headersTimeoutMs,
  keepAliveTimeoutMs,
  maxConnections,
  maxHeaderBytes,
  maxJsonBodyBytes,
} from '../model/http-limits.ts'
import { Authenticator } from './auth/authenticator.ts'
import { authenticateRequests } from './plugins/authenticate.ts'
import { limitBodyTime } from './plugins/body-clock.ts'
import { answerClientError } from './plugins/client-errors.ts'
import { refuseCrossSite } from './plugins/cross-site.ts'
import { describeApi } from './plugins/describe-api.ts'
import { answerError, answerErrors } from './plugins/error-answers.ts'
import { folderOperationConstraint } from './plugins/folder-operations.ts'
import { answerHeadRequests } from './plugins/head-requests.ts'
import { leaveBodiesToRoutes, leaveOtherBodiesToRoutes, parseJsonBodies } from './plugins/json-bodies.ts'
import { limitUploads } from './plugins/limit-uploads.ts'
import { refusePartialPuts } from './plugins/partial-puts.ts'
import { requestIdOf } from './plugins/request-id.ts'
import { keepRequestOrder } from './plugins/request-order.ts'
import { refuseWhenStopping } from './plugins/shutdown.ts'
import { endSlowAnswers } from './plugins/slow-answers.ts'
import { setStandingHeaders } from './plugins/standing-headers.ts'
import { answerUnknownRoutes } from './plugins/unknown-routes.ts'
import { compileValidator } from './plugins/validate-input.ts'
import { getAsset } from './routes/assets/get-asset.ts'
import { listAssetsRoute } from './routes/assets/list-assets.ts'
import { createAssetsApiResource } from './routes/assets-api/create-resource.ts'
import { deleteAssetsApiResource } from './routes/assets-api/delete-resource.ts'
import { getAssetsApiResource } from './routes/assets-api/get-resource.ts'
import { getServiceDocument } from './routes/assets-api/get-service-document.ts'
import { transferAssetsApiResource } from './routes/assets-api/transfer-resource.ts'
import { updateAssetsApiResource } from './routes/assets-api/update-resource.ts'
import { listAuditRoute } from './routes/audit/list-audit.ts'
import { createAsset } from './routes/create-asset/create-asset.ts'
import { getCsrfToken } from './routes/csrf/get-csrf-token.ts'
import { answerRootFolder } from './routes/dam/answer-root-folder.ts'
import { deletePath } from './routes/dam/delete-path.ts'
import { getOriginal } from './routes/dam/get-original.ts'
import { putAsset } from './routes/dam/put-asset.ts'
import { completeUpload } from './routes/direct-upload/complete-upload.ts'
import { initiateUpload } from './routes/direct-upload/initiate-upload.ts'
import { putPart } from './routes/direct-upload/put-part.ts'
import { listEventsRoute } from './routes/events/list-events.ts'
import { streamEventsRoute } from './routes/events/stream-events.ts'
import { createFolder } from './routes/folders/create-folder.ts'
import { listFolder } from './routes/folders/list-folder.ts'
import { checkHealth } from './routes/health/check-health.ts'
import { readSystemStatus } from './routes/health/read-system-status.ts'
import { importAssets } from './routes/import/import-assets.ts'
import { changeProcess } from './routes/process/change-process.ts'
import { readProcess } from './routes/process/read-process.ts'
import { startProcess } from './routes/process/start-process.ts'
import { changeRules } from './routes/rules/change-rules.ts'
import { readRules } from './routes/rules/read-rules.ts'
import { changeRunRoutes } from './routes/runs/change-run.ts'
import { listRunAssetsRoute } from './routes/runs/list-run-assets.ts'
import { listRunsRoute } from './routes/runs/list-runs.ts'
import { readRunLogRoutes } from './routes/runs/read-run-log.ts'
import { startRunRoute } from './routes/runs/start-run.ts'
import { pollStatusJob } from './routes/status-jobs/poll-status-job.ts'
import { startStatusJob } from './routes/status-jobs/start-status-job.ts'
import { createTokenRoute } from './routes/tokens/create-token.ts'
import { listTokensRoute } from './routes/tokens/list-tokens.ts'
import { revokeTokenRoute } from './routes/tokens/revoke-token.ts'
import { webhookRoutes } from './routes/webhooks/index.ts'
import type { Server } from './server.ts'
import type { HttpServices } from './services.ts'

const readingRoutes = [
  checkHealth,
  readSystemStatus,
  pollStatusJob,
  getOriginal,
  listAssetsRoute,
  getAsset,
  listFolder,
  listEventsRoute,
  listAuditRoute,
  listTokensRoute,
  getServiceDocument,
  getAssetsApiResource,
  readProcess,
  listRunsRoute,
  listRunAssetsRoute,
  readRunLogRoutes,
  readRules,
]
const changingRoutes = [createTokenRoute, createFolder, changeRules, startProcess, changeProcess, startRunRoute, changeRunRoutes]
const bodyReadingRoutes = [startStatusJob, putAsset, deletePath, answerRootFolder, initiateUpload, putPart, completeUpload]
const formReadingRoutes = [
  createAsset,
  createAssetsApiResource,
  updateAssetsApiResource,
  deleteAssetsApiResource,
  transferAssetsApiResource,
]

/** What of the HTTP server is configured. */
export interface HttpOptions {
  readonly logger?: FastifyBaseLogger
  /** Addresses and networks of reverse proxies: what they say of who sent a request is believed. */
  readonly trustedProxies?: readonly string[]
}

/** The HTTP server with all its routes, not yet listening. `close()` lets requests in flight finish. */
export function buildServer(services: HttpServices, { logger, trustedProxies = [] }: HttpOptions = {}): Server {
  const server: Server = createServer(logger, trustedProxies)
  server.server.maxConnections = maxConnections
  const authenticator = new Authenticator(services, refuseWhenStopping(server))
  server.decorateRequest('claimedType', null)
  // Hooks that wait for nothing are no async functions: of those there were nine, each with a promise and a turn of its own.
  server.addHook('onRequest', (request, reply, done) => {
    setStandingHeaders(request, reply)
    done()
  })
  answerHeadRequests(server)
  limitBodyTime(server)
  endSlowAnswers(server)
  // Before whatever waits for something, such as the proof of a credential.
  keepRequestOrder(server)
  refuseCrossSite(server)
  authenticateRequests(server, authenticator)
  limitUploads(server)
  refusePartialPuts(server)
  answerErrors(server)
  answerUnknownRoutes(server)
  parseJsonBodies(server)

  server.register(async (api) => {
    await describeApi(api)
    for (const route of [...readingRoutes, ...changingRoutes, ...webhookRoutes]) route(api, services)
    getCsrfToken(api)
    revokeTokenRoute(api, services, authenticator)
    streamEventsRoute(api, services, authenticator)
    api.register((scope) => importAssets(scope, services))
    api.register(async (scope) => {
      await leaveOtherBodiesToRoutes(scope)
      for (const route of formReadingRoutes) route(scope, services)
    })
    api.register(async (scope) => {
      leaveBodiesToRoutes(scope)
      for (const route of bodyReadingRoutes) route(scope, services)
    })
  })
  return server
}

function createServer(logger: FastifyBaseLogger | undefined, trustedProxies: readonly string[]): Server {
  const options = {
    // Time limits of bodies are the body clock's: Node's own would end every upload that takes longer.
    http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: connectionsCheckIntervalMs, maxHeaderSize: maxHeaderBytes },
    keepAliveTimeout: keepAliveTimeoutMs,
    bodyLimit: maxJsonBodyBytes,
    // A longer one is refused by the limit of the headers.
    routerOptions: { maxParamLength: maxHeaderBytes, constraints: { [folderOperationConstraint.name]: folderOperationConstraint } },
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    genReqId: requestIdOf,
    requestIdHeader: false,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    // Two lines for each request would be most of the log: what matters is in the operator's log, and errors.
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
    ...(logger && { loggerInstance: logger }),
  } as const
  return Fastify(options).withTypeProvider().setValidatorCompiler(compileValidator) as unknown as Server
}
