import type { Scope } from '../../contract/native/scope.ts'

/** Who calls: `admin`, or `token:<id>`. The name is what jobs and tokens record as their maker. */
export interface Identity {
  readonly name: string
  readonly scopes: readonly Scope[]
}

/** Whether the identity may call what needs `scope`: `write` includes `read`, `admin` includes both. */
export function isAllowed(identity: Identity, scope: Scope): boolean {
  const granted = identity.scopes
  if (granted.includes('admin') || granted.includes(scope)) return true
  return scope === 'read' && granted.includes('write')
}
