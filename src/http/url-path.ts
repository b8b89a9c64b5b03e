/** A repository path as the path of a URL: each segment percent-encoded, slashes kept. Pure ASCII, so fit for a header. */
export function urlPathOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
