import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerOnly } from '../model/limits.ts'
import { Secret } from './secret.ts'

/** Where the password of a server without `ASSAY_ADMIN_PASSWORD` is kept. */
export function adminPasswordFile(dataDirectory: string): string {
  return join(dataDirectory, 'admin-password')
}

/** The generated password of a data folder, or `null` when there is none or this user may not read it. */
export async function readAdminPassword(dataDirectory: string): Promise<Secret | null> {
  try {
    return new Secret((await readFile(adminPasswordFile(dataDirectory), 'utf8')).trim())
  } catch {
    return null
  }
}

/**
 * Gives the password of a data folder, generating it at the first start. Only the owner can read the file: whoever can read the data
 * folder can read the content anyway.
 */
export async function ensureAdminPassword(dataDirectory: string): Promise<{ password: Secret; isNew: boolean }> {
  await mkdir(dataDirectory, { recursive: true, mode: ownerOnly })
  const password = randomBytes(18).toString('base64url')
  try {
    await writeFile(adminPasswordFile(dataDirectory), `${password}\n`, { mode: 0o600, flag: 'wx' })
    return { password: new Secret(password), isNew: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { password: new Secret((await readFile(adminPasswordFile(dataDirectory), 'utf8')).trim()), isNew: false }
  }
}
