import { ApiError } from '../../contract/errors.ts'

/**
 * The fields of a `multipart/form-data` body in order, as name and value. Of fields whose name `isWanted` refuses nothing is returned;
 * a wanted one may not be a file. Throws an ApiError for a body that is not multipart with that boundary.
 */
export async function parseMultipartFields(
  bytes: Uint8Array<ArrayBuffer>,
  boundary: string,
  isWanted: (name: string) => boolean,
): Promise<[string, string][]> {
  const form = await parse(bytes, boundary)
  const pairs: [string, string][] = []
  for (const [name, value] of form) {
    if (!isWanted(name)) continue
    if (typeof value !== 'string') throw new ApiError('invalidInput', `The field "${name}" is a file: send it as a plain field.`)
    pairs.push([name, value])
  }
  return pairs
}

async function parse(bytes: Uint8Array<ArrayBuffer>, boundary: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` } }).formData()
  } catch (cause) {
    throw new ApiError('malformedBody', 'The body is not multipart/form-data with the announced boundary.', { cause })
  }
}
