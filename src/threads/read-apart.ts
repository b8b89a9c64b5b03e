import { maxProcessCrashes } from '../model/limits.ts'
import type { AssetReading, ContentToRead } from '../processing/ports.ts'
import { ProcessEndedError } from './apart-process.ts'
import type { ApartProcesses } from './apart-processes.ts'
import { failedReading } from './failed-reading.ts'

/**
 * Reads a content that is believed to have ended a process before. What ends the process that has nothing else to read is this content: it is
 * tried once more, in a new one, and fails with `PROCESSING_CRASHED` if it ends that too. Each death is reported.
 */
export async function readApart(processes: ApartProcesses, content: ContentToRead, report: () => void): Promise<AssetReading> {
  for (let deaths = 1; ; deaths++) {
    const apart = await processes.take()
    try {
      return await apart.read(content)
    } catch (error) {
      if (!(error instanceof ProcessEndedError)) throw error
      if (error.isWanted) throw new Error('The reader is closed.', { cause: error })
      report()
      if (deaths === maxProcessCrashes) return failedReading(content.path, { code: 'PROCESSING_CRASHED', detail: error.message })
    } finally {
      processes.giveBack(apart)
    }
  }
}
