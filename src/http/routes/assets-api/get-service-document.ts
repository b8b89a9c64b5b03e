import { SirenEntity } from '../../../contract/dam/assets-api.ts'
import { baseUrlOf } from '../../base-url.ts'
import { presentSirenServices } from '../../present/siren.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `GET /api.json`: where clients of AEM's Assets HTTP API begin. It leads to `/api/assets.json`. */
export function getServiceDocument(server: Server, services: HttpServices): void {
  server.get(
    '/api.json',
    {
      config: { scope: 'read' },
      schema: { tags: ['dam'], summary: 'Show where the Assets HTTP API begins', response: { 200: SirenEntity } },
    },
    async (request) => presentSirenServices(baseUrlOf(request, services)),
  )
}
