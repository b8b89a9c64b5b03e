import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { maxRememberedLists, maxSmallListBytes } from '../model/status-list-limits.ts'
import { isUuid } from '../model/uuid.ts'
import type { DatabaseConnection } from './database.ts'
import { gatherReads } from './gather-reads.ts'
import { type FoundStatusJob, findStatusJobs } from './queries/find-status-jobs.ts'
import { readStatusList, type StatusListChunk } from './queries/read-status-list.ts'

const gunzipAsync = promisify(gunzip)

/** The only piece of a small list: JSON objects with commas between them. */
export interface SmallList {
  readonly json: Uint8Array
  /** The same as it is stored, one gzip member. */
  readonly gzip: Uint8Array
}

/** What polls ask, at little cost however many of them there are. */
export interface StatusJobReader {
  /** The job with this id, or `null`. Any text may be asked for: what is no UUID is not found. */
  find(id: string): Promise<FoundStatusJob | null>
  /** The list of a finished job if it is small and was read in this process a while ago. A finished list never changes; whether it still may be shown, `find` says. */
  recall(job: FoundStatusJob): SmallList | null
  /** Reads a list of one piece, and remembers it; `null` where it is not small. Throws if the list was removed meanwhile. */
  readSmall(job: FoundStatusJob, chunks: readonly StatusListChunk[]): Promise<SmallList | null>
}

/** Reads status jobs for those who poll them. */
export function createStatusJobReader({ kysely, forBytes }: DatabaseConnection): StatusJobReader {
  const find = gatherReads((ids) => findStatusJobs(kysely, ids))
  const lists = new Map<string, SmallList>()
  return {
    find: async (id) => (isUuid(id) ? find(id.toLowerCase()) : null),
    recall: ({ id }) => lists.get(id) ?? null,
    async readSmall({ id }, chunks) {
      const [only] = chunks
      if (!only || chunks.length > 1 || only.bytes > maxSmallListBytes) return null
      for await (const gzip of readStatusList(forBytes, id, [only.number])) {
        const list = { json: await gunzipAsync(gzip), gzip }
        lists.set(id, list)
        if (lists.size > maxRememberedLists) lists.delete(lists.keys().next().value!)
        return list
      }
      return null
    },
  }
}
