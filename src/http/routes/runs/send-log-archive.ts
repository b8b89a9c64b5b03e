import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ZipFile } from 'yazl'
import type { FoundRun } from '../../../store/queries/find-run.ts'
import { streamRunLog } from '../../../store/queries/read-run-log.ts'
import { attachment } from '../../present/content-disposition.ts'
import type { HttpServices } from '../../services.ts'

/** Answers with the whole log as a ZIP of one file. It is read and packed piece by piece as the client takes it. */
export function sendLogArchive({ database }: HttpServices, request: FastifyRequest, reply: FastifyReply, run: FoundRun): FastifyReply {
  reply.type('application/zip').header('content-disposition', attachment(`processing-${run.id}.zip`))
  if (request.method === 'HEAD') return reply.send()
  const archive = new ZipFile()
  const log = Readable.from(streamRunLog(database.kysely, run.id, run.log_lines), { objectMode: false })
  // What fails here must break the answer off, and not the process.
  log.on('error', (error) => (archive.outputStream as Readable).destroy(error))
  archive.addReadStream(log, `${run.id}.log`, { mtime: run.finished_at ?? run.now })
  archive.end()
  const output = archive.outputStream as Readable
  output.on('close', () => log.destroy())
  return reply.send(output)
}
