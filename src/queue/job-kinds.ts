import type { JobKind } from './job-kind.ts'
import { applyPathRules } from './jobs/apply-path-rules.ts'
import { giveUpAssets, postProcessAssets } from './jobs/post-process-assets.ts'
import { resolveReferences } from './jobs/resolve-references.ts'
import { giveUpStatusJob, runStatusJob } from './jobs/run-status-job.ts'
import { sweep } from './jobs/sweep.ts'
import { giveUpRun, takeRunTurn } from './jobs/take-run-turn.ts'

/** Every kind of job; a kind stands behind the one that its dead jobs go to. */
// biome-ignore lint/suspicious/noExplicitAny: each kind reads its own payload and is the only one that sees it
export const jobKinds: readonly JobKind<any>[] = [
  giveUpAssets,
  postProcessAssets,
  giveUpStatusJob,
  runStatusJob,
  resolveReferences,
  giveUpRun,
  takeRunTurn,
  applyPathRules,
  sweep,
]
