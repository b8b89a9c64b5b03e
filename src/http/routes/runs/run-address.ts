/** Where a run is found. */
export function runAddress(id: string): string {
  return `/api/v1/runs/${id}`
}
