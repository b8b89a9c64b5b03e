import { SystemStatus } from '../../../contract/guides/system-status.ts'
import { databaseAnswers } from '../../../store/queries/system-status.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `GET /bin/guides/v1/system/status`. */
export function readSystemStatus(server: Server, services: HttpServices): void {
  server.get(
    '/bin/guides/v1/system/status',
    { config: { scope: 'read' }, schema: { tags: ['guides'], summary: 'Whether the database answers', response: { 200: SystemStatus } } },
    async () => {
      const answers = await databaseAnswers(services.database)
      return { isDatabase: true, databaseConnectionCheck: answers ? ('passed' as const) : ('failed' as const) }
    },
  )
}
