/** What a token may do: `read` answers, `write` content, and `admin` both and the tokens themselves. */
export const scopes = ['read', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]
