import { expect, test } from 'vitest'
import { explainFailure } from '../../src/cli/failure.ts'
import { ClientError } from '../../src/client/client-error.ts'

function refused(message: string, detail: string): ClientError {
  return new ClientError(message, { kind: 'refused', status: 400, refused: [{ pointer: '/url', detail, sent: 'ftp://x' }] })
}

test('says a reason once where the message is the reason already', () => {
  expect(explainFailure(refused('The URL must begin with https://.', 'must begin with https://.')).values).toEqual([])
  expect(explainFailure(refused('Some values cannot be used.', 'must begin with https://')).values).toEqual([
    'ftp://x must begin with https://',
  ])
})

test('says what to do where a data folder cannot be made', () => {
  const error = Object.assign(new Error("EEXIST: file already exists, mkdir '/srv/data'"), { code: 'EEXIST' })
  expect(explainFailure(error)).toMatchObject({ exitCode: 6, remedy: expect.stringContaining('--data-dir') })
})
