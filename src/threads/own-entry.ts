import { extname } from 'node:path'

/** The module that threads run. Source and package have the same layout; only the extension differs. */
export const ownEntry = new URL(`./entry${extname(import.meta.url)}`, import.meta.url)
