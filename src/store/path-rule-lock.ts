/** Any numbers: the advisory lock that says which path rules are in force. Shared by who decides by them, taken alone by who changes them. */
export const pathRuleLock = { lockClass: 407_204, key: 0 } as const
