/**
 * The media type that a sender gave its upload, without parameters, or `application/octet-stream`. What curl says by itself about any data
 * (a form) means nothing. Processing finds the true type from the content.
 */
export function uploadMediaType(claimed: string | null): string {
  const mediaType = (claimed ?? '').split(';', 1)[0]!.trim().toLowerCase()
  const usable = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}$/.test(mediaType) && mediaType !== 'application/x-www-form-urlencoded'
  return usable ? mediaType : 'application/octet-stream'
}
