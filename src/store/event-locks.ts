/**
 * Keys of the advisory locks of transactions that write events: `first` plus a number of the log. Any range that nobody else uses, in the
 * space of keys of 64 bits.
 */
export const eventLockKeys = { first: 407_204n << 40n, last: (407_205n << 40n) - 1n } as const
