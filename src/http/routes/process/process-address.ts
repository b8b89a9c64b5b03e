/** Where a run is polled in the interface of AEM Guides. */
export function processAddress(id: string): string {
  return `/bin/guides/v1/assets/process/status?processingId=${id}`
}
