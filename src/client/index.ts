/**
 * The package face `assay/client`. A client for servers that speak the asset-status API of AEM Guides. What asks for statuses works against
 * every such server; what goes beyond them (explanations, listings, runs, events, the audit, rules, tokens) is Assay's own and says so.
 * Needs nothing but `fetch`: it runs in Node and in browsers.
 */
import { explainAsset, importArchive, importAssets, listAssets, putAsset, removeAsset, scanAssets } from './assets.ts'
import { audit } from './audit.ts'
import { events } from './events.ts'
import { changeRules, decideByRules, readRules } from './rules.ts'
import { changeRun, getRun, listRunAssets, listRuns, previewRun, readRunLog, startRun, waitForRun } from './runs.ts'
import { pollStatusJob, startStatusJob } from './status-jobs.ts'
import { createToken, listTokens, revokeToken } from './tokens.ts'
import { createTransport, type TransportOptions } from './transport.ts'
import { collectStatus, waitForStatus } from './wait-for-status.ts'
import {
  addWebhook,
  changeWebhook,
  listDeliveries,
  listWebhooks,
  readDelivery,
  removeWebhook,
  replayDeliveries,
  replayDelivery,
  rotateWebhookSecret,
  testWebhook,
} from './webhooks.ts'

export type { ListedAsset } from '../contract/guides/status-job.ts'
export type { AssetDetail, AssetProblem, AssetSummary } from '../contract/native/asset.ts'
export type { Event, GuidesEvent } from '../contract/native/event.ts'
export type { RuleDecision, Rules } from '../contract/native/rules.ts'
export type { Run, RunAsset } from '../contract/native/run.ts'
export type { AuditOptions } from './audit.ts'
export { ClientError } from './client-error.ts'
export type { EventOptions } from './events.ts'
export type { RunRequest, RunWaitOptions } from './runs.ts'
export { TarArchive } from './tar-archive.ts'
export type { Credential } from './transport.ts'
export { type VerifyOptions, verifyWebhook, WebhookVerificationError } from './verify-webhook.ts'
export type { StatusList, WaitOptions, WaitResult } from './wait-for-status.ts'

type Bound<Operation> = Operation extends (send: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never

const operations = {
  startStatusJob,
  pollStatusJob,
  collectStatus,
  waitForStatus,
  putAsset,
  importAssets,
  importArchive,
  removeAsset,
  explain: explainAsset,
  listAssets,
  scanAssets,
  startRun,
  previewRun,
  getRun,
  listRuns,
  listRunAssets,
  readRunLog,
  changeRun,
  waitForRun,
  events,
  audit,
  readRules,
  changeRules,
  decideByRules,
  createToken,
  listTokens,
  revokeToken,
  addWebhook,
  listWebhooks,
  changeWebhook,
  removeWebhook,
  rotateWebhookSecret,
  testWebhook,
  listDeliveries,
  readDelivery,
  replayDelivery,
  replayDeliveries,
}

/** Every operation as described where it is defined, without its first argument. All reject with `ClientError`. */
export type Client = { readonly [Name in keyof typeof operations]: Bound<(typeof operations)[Name]> }

/** Makes a client for the server at `url`. Nothing is sent until an operation is called. */
export function createClient(options: TransportOptions): Client {
  const send = createTransport(options)
  const bound = Object.entries(operations).map(([name, operation]) => [
    name,
    (operation as (...all: unknown[]) => unknown).bind(null, send),
  ])
  return Object.fromEntries(bound) as Client
}
