import { OwnBytes } from '../own-bytes.ts'

/** Values as another thread may have them, and the buffers that move there. */
export interface Parcel {
  readonly values: unknown[]
  readonly transfer: ArrayBuffer[]
}

/**
 * Copies the bytes among the parameters, also inside arrays, exactly once and into buffers that are then moved. Without this, structured
 * cloning copies the whole buffer under each view, which for a slice of an upload or of Node's buffer pool is far more than its bytes.
 * {@link OwnBytes} are moved without a copy.
 */
export function packParameters(values: readonly unknown[]): Parcel {
  const transfer: ArrayBuffer[] = []
  const pack = (value: unknown): unknown => {
    if (value instanceof Uint8Array) {
      const copy = value instanceof OwnBytes ? value : new Uint8Array(value)
      transfer.push(copy.buffer)
      return copy
    }
    return Array.isArray(value) && value.some((item) => item instanceof Uint8Array) ? value.map(pack) : value
  }
  return { values: values.map(pack), transfer }
}
