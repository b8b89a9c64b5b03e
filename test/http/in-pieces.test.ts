import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { answerHeadRequests } from '../../src/http/plugins/head-requests.ts'
import { inPieces } from '../../src/http/present/in-pieces.ts'
import type { Server } from '../../src/http/server.ts'
import { answerPieceCharacters } from '../../src/model/http-limits.ts'

test('others have their turn between the pieces of a large answer, whose characters stay whole', async () => {
  const text = `${'x'.repeat(answerPieceCharacters - 1)}${'\u{1f331}'.repeat(2 * answerPieceCharacters)}`
  let turns = 0
  let isRead = false
  const count = () => {
    turns++
    if (!isRead) setImmediate(count)
  }
  setImmediate(count)
  const pieces: Buffer[] = []
  for await (const piece of inPieces(text) as Readable) pieces.push(piece)
  isRead = true
  expect(Buffer.concat(pieces).toString()).toBe(text)
  expect(turns).toBeGreaterThanOrEqual(4)
})

test('a small answer is sent as it is', () => {
  expect(inPieces('{}')).toBe('{}')
})

test('what would be streamed is not begun for HEAD', async () => {
  const begun: string[] = []
  await using server = Fastify()
  answerHeadRequests(server as unknown as Server)
  server.get('/list', async ({ method }, reply) => reply.type('text/plain').send(Readable.from(linesFor(method), { objectMode: false })))
  async function* linesFor(method: string) {
    begun.push(method)
    yield 'a line'
  }
  const answers = [await server.inject({ method: 'HEAD', url: '/list' }), await server.inject('/list')]
  expect(answers.map(({ statusCode, payload }) => [statusCode, payload])).toEqual([
    [200, ''],
    [200, 'a line'],
  ])
  expect([answers[0]!.headers['content-type'], begun]).toEqual(['text/plain', ['GET']])
})
