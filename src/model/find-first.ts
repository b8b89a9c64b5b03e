/** By halving: the index of the first item for which the test holds, as it does for all after it; their number where it holds for none. */
export function findFirst<Item>(sorted: readonly Item[], test: (item: Item) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(sorted[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
