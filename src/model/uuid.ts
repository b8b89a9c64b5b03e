import { randomUUID } from 'node:crypto'
import { nameOf } from './asset-path.ts'

/** An asset's identity, in AEM Guides' form: `GUID-` and a random UUID, or what a file name of that form brings along. */
export type AssetUuid = string

/** A fresh identity. */
export function createAssetUuid(): AssetUuid {
  return `GUID-${randomUUID()}`
}

/** The identity that a file name of the form `GUID-….ext` claims, or `null`. It is given only while no other asset has it. */
export function uuidClaimedByName(path: string): AssetUuid | null {
  return /^(GUID-[0-9A-Za-z][0-9A-Za-z-]{0,99})(?:\.[^.]*)?$/.exec(nameOf(path))?.[1] ?? null
}

/** Whether the text is a UUID as the database takes and gives it: the form of the ids of runs and status jobs. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
