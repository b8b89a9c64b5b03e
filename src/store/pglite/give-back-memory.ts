/**
 * Gives the memory of bytes back at once that nobody looks at any more. V8 takes every few megabytes of buffers for a reason to collect a heap that
 * has no garbage: 84 times during an import of 20,000 files, and a tenth of this thread's time.
 */
export function giveBackMemory(values: readonly unknown[]): void {
  for (const value of values) {
    if (Array.isArray(value)) giveBackMemory(value.filter((item) => item instanceof Uint8Array))
    else if (value instanceof Uint8Array && value.buffer instanceof ArrayBuffer && value.length === value.buffer.byteLength)
      value.buffer.transfer(0)
  }
}
