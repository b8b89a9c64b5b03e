import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import type { EventProblem } from '../model/event.ts'
import type { OperatorLog } from '../observe/operator-log.ts'
import { applyPathRules } from '../processing/apply-path-rules.ts'
import type { BlobStore } from '../processing/content-ports.ts'
import type { EventLog } from '../processing/event-log.ts'
import { giveUp } from '../processing/give-up.ts'
import type { Reader, Settlement } from '../processing/ports.ts'
import { postProcessAssets } from '../processing/post-process-assets.ts'
import { resolveChangedTargets } from '../processing/resolve-changed-targets.ts'
import { runStatusJob } from '../processing/run-status-job.ts'
import { sweep } from '../processing/sweep.ts'
import { takeRunTurn } from '../processing/take-run-turn.ts'
import { takeTurns } from '../processing/take-turns.ts'
import type { UseCases } from '../queue/open-queue.ts'
import { takeBackAssets } from '../store/queries/claim-assets.ts'
import type { WebhookStore } from '../store/webhook-store.ts'
import type { Stores } from './open-stores.ts'

interface WorkParts extends Stores {
  readonly config: Config
  readonly operatorLog: OperatorLog
  readonly blobs: BlobStore
  readonly webhooks: Pick<WebhookStore, 'forget'>
  readonly eventLog: EventLog
  readonly reader: Reader
}

/** What the queue runs, with the stores, the threads and the log in place. */
export function createUseCases(parts: WorkParts): UseCases {
  const { config, operatorLog, store, jobs, runs, rules, blobs, reader } = parts
  const { statusJobRetentionMs: retentionMs } = config
  return {
    postProcess: createPostProcess(parts),
    takeBack: takeBackAssets,
    giveUp: (orders, reason) => giveUp({ store, blobs, reader }, orders, reason),
    async runStatusJob(id, claim, signal) {
      const startedAt = performance.now()
      const onFinished = (jobId: string, assets: number) =>
        operatorLog.statusJobFinished({ jobId, assets, durationMs: Math.round(performance.now() - startedAt) })
      await runStatusJob({ jobs, rules, retentionMs, onFinished }, id, claim, signal)
    },
    async giveUpStatusJob(id, reason) {
      await jobs.fail(id, reason, retentionMs)
      operatorLog.statusJobFailed({ jobId: id, reason })
    },
    resolveReferences: (_claim, signal) =>
      resolveChangedTargets(
        { store, reader, delay: pause, onResolved: (looked, written) => operatorLog.referencesResolved({ looked, written }) },
        signal,
      ),
    takeRunTurn: (id, claim, signal) =>
      takeRunTurn({ runs, delay: pause, onFinished: (runId) => operatorLog.runFinished({ runId }) }, id, claim, signal),
    async giveUpRun(id, reason) {
      await runs.fail(id, reason)
      operatorLog.runFailed({ runId: id, reason })
    },
    applyPathRules: (signal) => applyPathRules(rules, signal),
    async sweep(signal) {
      const { run, eventHolder } = await sweep({ ...parts, ...config }, signal)
      if (run !== null) operatorLog.unprocessedTakenUp({ runId: run })
      if (eventHolder !== null) operatorLog.eventsHeldUp(eventHolder)
    },
  }
}

/** Post-processes batches, and tells the log of each and of each asset that failed. */
function createPostProcess({ store, blobs, reader, operatorLog }: WorkParts): UseCases['postProcess'] {
  const largeInTurn = takeTurns(1)
  return async (orders, claim, signal) => {
    const startedAt = performance.now()
    let settled = 0
    let failed = 0
    const onSettled = (part: readonly Settlement[]) => {
      settled += part.length
      for (const { claim: asset, reading } of part) {
        if (reading.failureDetail === null) continue
        failed++
        const { problems } = JSON.parse(reading.failureDetail) as { problems: readonly EventProblem[] }
        operatorLog.assetFailed({ path: asset.path, revision: asset.revision, codes: [...new Set(problems.map(({ code }) => code))] })
      }
    }
    await postProcessAssets({ store, blobs, reader, largeInTurn, onSettled }, orders, claim, signal)
    operatorLog.batchSettled({
      assets: orders.length,
      succeeded: settled - failed,
      failed,
      outdated: orders.length - settled,
      durationMs: Math.round(performance.now() - startedAt),
    })
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}
