import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** 128 MiB and some 0.4 s for each guess (OWASP's first choice for scrypt). */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }
const keyBytes = 32

/** Gives `scrypt$<salt>$<key>`, both in base64url, to be stored instead of the password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** Whether `password` is the one that {@link hashPassword} made `stored` from. Throws if `stored` is nothing it made. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, salt, key] = stored.split('$')
  const expected = Buffer.from(key ?? '', 'base64url')
  if (scheme !== 'scrypt' || !salt || expected.length !== keyBytes) throw new Error('The stored password is not a scrypt hash.')
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url')), expected)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, keyBytes, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
