/** What a CloudEvent is made of here. */
export interface CloudEventParts {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly time: string
  /** Of the asset or folder that it is about, if it is about one. */
  readonly path: string | null
  readonly data: object
}

/** A CloudEvent 1.0 in its JSON format, as it is posted. */
export function writeCloudEvent({ id, source, type, time, path, data }: CloudEventParts): string {
  const subject = path === null ? {} : { subject: path }
  return JSON.stringify({ specversion: '1.0', id, source, type, ...subject, time, datacontenttype: 'application/json', data })
}
