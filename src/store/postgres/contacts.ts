import type pg from 'pg'

/**
 * When each connection of this process has last answered. A connection that is lost without a sign (half-open TCP) looks like one whose
 * statement takes long, and a pool full of them costs one time limit after the other. So whoever finds one such connection says since when,
 * and all that have not answered since are given up together: waiting statements at once, idle connections when somebody wants to use them.
 */
export class Contacts {
  readonly #answeredAt = new Map<pg.ClientBase, number>()
  /** How many statements a connection has not answered yet. */
  readonly #waiting = new Map<pg.ClientBase, number>()
  #lostBefore = Number.NEGATIVE_INFINITY

  /** A statement was sent, to whose end the connection is silent. */
  asked(client: pg.ClientBase): void {
    this.#waiting.set(client, (this.#waiting.get(client) ?? 0) + 1)
  }

  answered(client: pg.ClientBase): void {
    const left = (this.#waiting.get(client) ?? 1) - 1
    if (left > 0) this.#waiting.set(client, left)
    else this.#waiting.delete(client)
    this.#answeredAt.set(client, performance.now())
  }

  /** The connection is closed. */
  forget(client: pg.ClientBase): void {
    this.#waiting.delete(client)
    this.#answeredAt.delete(client)
  }

  isLost(client: pg.ClientBase): boolean {
    return (this.#answeredAt.get(client) ?? Number.POSITIVE_INFINITY) < this.#lostBefore
  }

  /** Gives up every connection that has not answered since that instant (`performance.now()`). */
  loseThoseSilentSince(instant: number): void {
    this.#lostBefore = instant
    // Ends the socket, and with it the statement: pg does that to a connection that is busy.
    for (const client of this.#waiting.keys()) if (this.isLost(client)) void (client as pg.Client).end().catch(Boolean)
  }
}
