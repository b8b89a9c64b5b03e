/** Bytes in a buffer of their own that nobody needs any more once they are sent: they may move to another thread instead of being copied. */
export class OwnBytes extends Uint8Array<ArrayBuffer> {}
