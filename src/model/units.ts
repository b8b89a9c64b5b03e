/** Units in the base unit that the rest of a name says: bytes and milliseconds. */

export const kiB = 1024
export const miB = 1024 * kiB

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
