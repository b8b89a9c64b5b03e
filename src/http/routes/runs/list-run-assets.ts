import { Type } from 'typebox'
import { PageOf, pageParameters } from '../../../contract/native/page.ts'
import { RunAsset, runOutcomes } from '../../../contract/native/run.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { defaultPageItems } from '../../../model/http-limits.ts'
import { listRunAssets, type RunPlace, readRunProblems } from '../../../store/queries/list-run-assets.ts'
import { createCursor, readCursorAs } from '../../cursor.ts'
import { presentRunAsset } from '../../present/run.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { requireRun } from './require-run.ts'

const Outcome = Type.Enum(runOutcomes)
const Query = Type.Object(
  { outcome: Type.Optional(Type.Union([Outcome, Type.Array(Outcome)])), ...pageParameters },
  { additionalProperties: false },
)

/** `GET /api/v1/runs/{id}/assets`: what became of each asset that the run has taken, with the reasons of those that failed. */
export function listRunAssetsRoute(server: Server, services: HttpServices): void {
  const { kysely } = services.database
  server.get(
    '/api/v1/runs/:id/assets',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['native'],
        summary: 'List the assets of a processing run',
        params: Type.Object({ id: Type.String() }),
        querystring: Query,
        response: { 200: PageOf(RunAsset), 400: ProblemDetails, 404: ProblemDetails },
      },
    },
    async (request) => {
      const { outcome, limit = defaultPageItems, cursor } = request.query
      const run = await requireRun(services, request.params.id)
      const after = readCursorAs(cursor, parsePlace) ?? { number: 0, place: 0 }
      const rows = await listRunAssets(kysely, run.id, outcome === undefined ? runOutcomes : [outcome].flat(), after, limit + 1)
      const page = rows.slice(0, limit)
      const problems = await readRunProblems(kysely, run.id, page)
      const items = page.map((row) => presentRunAsset(row, problems.get(row.number)?.get(row.place)))
      return { items, nextCursor: rows.length > limit ? createCursor(writePlace(page.at(-1)!)) : null }
    },
  )
}

function writePlace({ number, place }: RunPlace): string {
  return `${number}.${place}`
}

function parsePlace(key: string): RunPlace | null {
  const [, number, place] = /^(\d{1,9})\.(\d{1,9})$/.exec(key) ?? []
  return number === undefined ? null : { number: Number(number), place: Number(place) }
}
