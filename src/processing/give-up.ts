import type { AssetStore, PostProcessOrder, Reader } from './ports.ts'

/**
 * Ends assets whose queue job has used up its tries: FAILURE with the reason, instead of PENDING for ever. Assets that were settled or
 * received again meanwhile are left alone.
 */
export async function giveUp(
  { store, reader }: { readonly store: AssetStore; readonly reader: Reader },
  orders: readonly PostProcessOrder[],
  reason: string,
): Promise<void> {
  const { alone, claimed } = await store.claim(orders, 'batch')
  for (const order of alone) claimed.push(...(await store.claim([order], 'alone')).claimed)
  const settlements = claimed.map((claim) => ({
    claim,
    reading: reader.fail(claim.path, 'PROCESSING_CRASHED', reason),
    resolution: { id: claim.id, states: '', problems: '[]', problemCounts: { error: 0, warning: 0, info: 0 }, wanted: [] },
  }))
  if (settlements.length > 0) await store.settle(settlements)
}
