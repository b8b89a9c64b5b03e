import pg from 'pg'

/** What a server sends for `COPY (query) TO STDOUT`: bytes, and milliseconds until the last of them. */
export async function copyOut(url: string, query: string): Promise<{ readonly bytes: number; readonly ms: number }> {
  const client = new pg.Client(url)
  await client.connect()
  const startedAt = performance.now()
  const bytes = await new Promise<number>((resolve, reject) => {
    let sum = 0
    // The part of node-postgres that drives the protocol: it hands every message to the query at work.
    client.query({
      submit: (connection: { query(text: string): void }) => connection.query(`copy (${query}) to stdout`),
      handleCopyData: ({ chunk }: { chunk: Uint8Array }) => {
        sum += chunk.length
      },
      handleCommandComplete: () => {},
      handleReadyForQuery: () => resolve(sum),
      handleError: reject,
    } as unknown as pg.Submittable)
  })
  const ms = performance.now() - startedAt
  await client.end()
  return { bytes, ms }
}
