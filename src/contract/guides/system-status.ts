import { type Static, Type } from 'typebox'

/** `GET /bin/guides/v1/system/status` of AEM Guides. */
export const SystemStatus = Type.Object({
  isDatabase: Type.Boolean(),
  databaseConnectionCheck: Type.Enum(['passed', 'failed']),
})
export type SystemStatus = Static<typeof SystemStatus>
