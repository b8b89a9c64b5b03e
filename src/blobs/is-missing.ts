/** Whether nothing is stored there, as the file system and as S3 say it. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && (('code' in error && error.code === 'ENOENT') || error.name === 'NotFound' || error.name === 'NoSuchKey')
}
