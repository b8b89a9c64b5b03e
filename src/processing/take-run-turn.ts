import { runLookMaxMs, runLookMs, runTurnMs } from '../model/run-limits.ts'
import type { JobClaim } from './ports.ts'
import type { RunStore } from './run-ports.ts'

/** What a turn of a run needs. */
export interface RunTurnPorts {
  readonly runs: Pick<RunStore, 'begin' | 'count' | 'advance' | 'handOver'>
  /** Resolves after that time, or when the signal fires. */
  delay(ms: number, signal: AbortSignal): Promise<void>
  onFinished(id: string): void
}

/**
 * Carries a run on for one turn. Everything about the run stands in the database after each step, so a turn may end at any moment and
 * another worker goes on from there. After `runTurnMs` it makes room for other runs. A turn that was lost hands over as well: a run that was
 * cancelled and resumed meanwhile got no job of its own, because this one was still there.
 */
export async function takeRunTurn(
  { runs, delay, onFinished }: RunTurnPorts,
  id: string,
  completes: JobClaim,
  signal: AbortSignal,
): Promise<void> {
  const turn = await runs.begin(id)
  if (!turn) return runs.handOver(id, completes)
  await runs.count(turn, signal)
  const until = performance.now() + runTurnMs
  for (let restMs = runLookMs; performance.now() < until; ) {
    signal.throwIfAborted()
    const step = await runs.advance(turn)
    if (step === 'finished') return onFinished(id)
    if (step === 'lost') break
    if (step === 'moved') restMs = runLookMs
    else await delay(restMs, signal)
    restMs = Math.min(2 * restMs, runLookMaxMs)
  }
  await runs.handOver(id, completes)
}
