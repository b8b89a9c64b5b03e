import fc from 'fast-check'
import { sql } from 'kysely'
import { DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maxPreparedStatements } from '../../../src/model/database-limits.ts'
import { integerList, smallIntegerList, textList } from '../../../src/store/binary-lists.ts'
import type { DatabaseConnection } from '../../../src/store/database.ts'
import { engines, openTestDatabase } from '../../support/test-database.ts'

describe.each(engines)('a database on %s', (engine) => {
  let database: DatabaseConnection

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await database.executeSql('create table note (id int primary key, text text)')
  })

  afterAll(() => database[Symbol.asyncDispose]())

  const texts = async () => {
    const { rows } = await database.executeSql('select text from note order by id')
    return rows.map(({ text }) => text)
  }
  const add = (id: number, text: string) => sql`insert into note values (${id}, ${text})`
  const empty = () => database.executeSql('delete from note')

  describe('column types', () => {
    test.each([
      ['int8', `'9007199254740991'::int8`, Number.MAX_SAFE_INTEGER],
      ['count', '(select count(*) from note)', 0],
      ['int8[]', `'{1,-2,null}'::int8[]`, [1, -2, null]],
      ['numeric', '1.50::numeric', '1.50'],
      ['numeric[]', `'{1.50}'::numeric[]`, ['1.50']],
      ['float8', '0.1::float8', 0.1],
      ['bool', 'true', true],
      ['text', `'1'::text`, '1'],
      ['text[]', `array['a', 'b"\\,', null]`, ['a', 'b"\\,', null]],
      ['uuid', `'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid`, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['date', `'2026-02-03'::date`, '2026-02-03'],
      ['interval', `'90 minutes'::interval`, '01:30:00'],
      ['timestamptz', `'2026-02-03 04:05:06.789+05:30'::timestamptz`, new Date('2026-02-02T22:35:06.789Z')],
      ['timestamptz[]', `array['2026-02-03 00:00+00'::timestamptz]`, [new Date('2026-02-03T00:00:00Z')]],
      ['timestamp', `'2026-02-03 04:05:06'::timestamp`, new Date('2026-02-03T04:05:06Z')],
      ['infinity', `'-infinity'::timestamptz`, Number.NEGATIVE_INFINITY],
      ['jsonb', `'{"a":[1,null]}'::jsonb`, { a: [1, null] }],
      ['json', `'[1]'::json`, [1]],
      ['bytea', `'\\x00ff'::bytea`, new Uint8Array([0, 255])],
      ['empty bytea', `''::bytea`, new Uint8Array()],
      ['bytea[]', `array['\\x01'::bytea, null]`, [new Uint8Array([1]), null]],
      ['null', 'null::int8', null],
    ])('%s', async (_, expression, expected) => {
      await empty()
      const { rows } = await database.executeSql(`select ${expression} as value`)
      expect(rows).toStrictEqual([{ value: expected }])
    })

    test('lists in binary are what they were made of', async () => {
      const texts = ['a', '', 'b"\\,{}', 'é\u{1f600}', 'null']
      const integers = [0, -1, 2 ** 40 + 3, -(2 ** 40) - 3, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
      const values = [textList(texts.map((text, index) => (index % 2 ? text : Buffer.from(text)))), integerList(integers)]
      const sent = sql`select ${values[0]}::text[] as texts, ${values[1]}::bigint[] as integers, ${smallIntegerList([2, -3])}::smallint[] as small,
        ${textList([])}::text[] as none`
      expect((await sent.execute(database.kysely)).rows).toEqual([{ texts, integers, small: [2, -3], none: [] }])
    })

    test('an integer that a number cannot hold is refused', async () => {
      await expect(database.executeSql('select 9007199254740993::int8')).rejects.toThrow(/9007199254740993/)
      await database.ping()
    })

    test('bytes come back as they went, alone and in arrays', async () => {
      const bytes = fc.uint8Array({ maxLength: 3000 })
      const property = fc.asyncProperty(bytes, fc.array(fc.option(bytes), { maxLength: 5 }), async (one, many) => {
        const { rows } = await database.executeSql('select $1::bytea as one, $2::bytea[] as many', [one, many])
        expect(rows).toStrictEqual([{ one, many }])
      })
      await fc.assert(property, { numRuns: 30 })
    })

    test('arrays come back as they went, of any length', async () => {
      const int = (bits: number) => fc.option(fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }))
      const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'))
      const property = fc.asyncProperty(
        fc.array(fc.option(fc.boolean())),
        fc.array(int(16)),
        fc.array(int(32)),
        fc.array(fc.option(fc.maxSafeInteger())),
        fc.array(fc.option(text)),
        fc.integer({ min: 0, max: 300_000 }),
        async (booleans, small, middle, large, texts, length) => {
          const long = 'ä"\\,'.repeat(length)
          const { rows } = await database.executeSql(
            'select $1::bool[] as booleans, $2::int2[] as small, $3::int4[] as middle, $4::int8[] as large, $5::text[] as texts, $6::text as long',
            [booleans, small, middle, large, [...texts, long], long],
          )
          expect(rows).toStrictEqual([{ booleans, small, middle, large, texts: [...texts, long], long }])
        },
      )
      await fc.assert(property, { numRuns: 30 })
    })

    test.each([
      ['int2[]', [32_768]],
      ['int4[]', [2 ** 31]],
      ['int4[]', [1.5]],
      ['int8[]', ['one']],
    ])('%s refuses %j, and the next statement runs', async (type, values) => {
      await expect(database.executeSql(`select $1::${type} as value`, [values])).rejects.toThrow()
      expect((await database.executeSql('select $1::int as value', [1])).rows).toEqual([{ value: 1 }])
    })

    test('integers of every size come back as they went', async () => {
      const values = [-32_768, -1, 0, 2 ** 31 - 1, -(2 ** 31), Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, -(2 ** 32), 2 ** 32]
      for (const value of values) {
        const type = Math.abs(value) < 2 ** 15 ? 'int2' : Math.abs(value) < 2 ** 31 ? 'int4' : 'int8'
        expect((await database.executeSql(`select $1::${type} as value`, [value])).rows).toEqual([{ value }])
      }
    })

    test('a slice of a buffer is sent as the slice and stays with the caller', async () => {
      const slice = Buffer.from('0123456789').subarray(2, 5)
      const { rows } = await database.executeSql('select $1::bytea as value', [slice])
      expect(rows[0].value).toStrictEqual(new Uint8Array(Buffer.from('234')))
      expect(slice.toString()).toBe('234')
    })

    test('texts, numbers, dates and JSON come back as they went', async () => {
      const values = fc.record({
        text: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        number: fc.maxSafeInteger(),
        json: fc.json(),
      })
      const property = fc.asyncProperty(
        values,
        fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
        async (value, date) => {
          const parameters = [value.text, value.number, date, value.json.replaceAll('\\u0000', '')]
          const { rows } = await database.executeSql(
            'select $1::text as text, $2::int8 as number, $3::timestamptz as date, $4::json as json',
            parameters,
          )
          expect(rows).toStrictEqual([{ text: value.text, number: value.number, date, json: JSON.parse(parameters[3] as string) }])
        },
      )
      await fc.assert(property, { numRuns: 50 })
    })

    // Sizes on both sides of what a socket gives at once, and rows that end in the midst of it.
    test('bytes that are asked for as bytes arrive as they are', async () => {
      const values = [0, 1, 300_000, 65_515, 65_516, 200_000, 70].map((size, index) =>
        Uint8Array.from({ length: size }, (_, at) => (at * 7 + index) % 256),
      )
      const { rows } = await sql`
        select n as id, n::int as small, n < 8 as has_bytes, 'Größe'::text as name, case when n < 8 then (${values}::bytea[])[n] end as bytes
        from generate_series(1::bigint, ${8}::bigint) as n order by n`.execute(database.forBytes)
      const expected = [...values, null].map((bytes, index) => ({
        id: index + 1,
        small: index + 1,
        has_bytes: bytes !== null,
        name: 'Größe',
        bytes: bytes && Buffer.from(bytes),
      }))
      expect(rows.map((row) => ({ ...(row as object), bytes: asBuffer((row as { bytes: Uint8Array | null }).bytes) }))).toEqual(expected)
    })
  })

  describe('statements', () => {
    test('a script gives the rows of all its statements', async () => {
      expect(await database.executeSql('select 1 as a; select 2 as b')).toStrictEqual({ rows: [{ a: 1 }, { b: 2 }] })
    })

    test('more distinct ones than are kept prepared all run, also those that were forgotten meanwhile', async () => {
      for (const round of [1, 2]) {
        for (let index = 0; index < maxPreparedStatements + 20; index++) {
          const { rows } = await database.executeSql(`select $1::int + ${index} as sum`, [round])
          expect(rows).toEqual([{ sum: round + index }])
        }
      }
    })

    test('one that cannot be prepared fails each time, alone', async () => {
      for (let time = 0; time < 2; time++) {
        await expect(database.executeSql('select missing from nowhere where a = $1', [1])).rejects.toMatchObject({ code: '42P01' })
        await expect(database.executeSql('select 1 / $1::int as half', [0])).rejects.toMatchObject({ code: '22012' })
        expect((await database.executeSql('select 1 / $1::int as half', [1])).rows).toEqual([{ half: 1 }])
      }
    })

    test('one that was prepared before its table changed gives the table as it is', async () => {
      await database.executeSql('create table changing (a int)')
      const read = () => database.executeSql('select * from changing where $1', [true])
      await database.executeSql('insert into changing values ($1)', [1])
      expect((await read()).rows).toEqual([{ a: 1 }])
      await database.executeSql('alter table changing add b int')
      expect((await read()).rows).toEqual([{ a: 1, b: null }])
    })

    test('a query tells how many rows it changed', async () => {
      await empty()
      const { numAffectedRows } = await sql`insert into note values (1, 'a'), (2, 'b')`.execute(database.kysely)
      expect(numAffectedRows).toBe(2n)
      expect((await sql`select 1`.execute(database.kysely)).numAffectedRows).toBeUndefined()
    })

    test('an error of PostgreSQL keeps its code and constraint', async () => {
      await empty()
      await add(1, 'a').execute(database.kysely)
      const error = await add(1, 'b')
        .execute(database.kysely)
        .catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(DatabaseError)
      expect(error).toMatchObject({ code: '23505', constraint: 'note_pkey', table: 'note', severity: 'ERROR' })
    })

    test('a script that fails in its own transaction leaves nothing behind', async () => {
      await empty()
      await expect(database.executeSql(`begin; insert into note values (1, 'lost'); select 1/0; commit`)).rejects.toMatchObject({
        code: '22012',
      })
      await database.executeSql(`insert into note values (2, 'kept')`)
      expect(await texts()).toStrictEqual(['kept'])
    })
  })

  describe('transactions', () => {
    test('commit what was done in them', async () => {
      await empty()
      const result = await database.transaction(async (trx) => {
        await add(1, 'a').execute(trx)
        await add(2, 'b').execute(trx)
        return 'done'
      })
      expect(result).toBe('done')
      expect(await texts()).toStrictEqual(['a', 'b'])
    })

    test('roll back when the work throws', async () => {
      await empty()
      const work = database.transaction(async (trx) => {
        await add(1, 'a').execute(trx)
        throw new Error('changed my mind')
      })
      await expect(work).rejects.toThrow('changed my mind')
      expect(await texts()).toStrictEqual([])
    })

    test('that swallowed an error reject instead of pretending to have committed', async () => {
      await empty()
      const work = database.transaction(async (trx) => {
        await add(1, 'a').execute(trx)
        await sql`select 1/0`.execute(trx).catch(Boolean)
      })
      await expect(work).rejects.toThrow()
      expect(await texts()).toStrictEqual([])
    })

    test('are not seen by others before they commit', async () => {
      await empty()
      const inserted = Promise.withResolvers<void>()
      const looked = Promise.withResolvers<void>()
      const work = database.transaction(async (trx) => {
        await add(1, 'a').execute(trx)
        inserted.resolve()
        // On PGlite the look waits until the transaction is over.
        if (engine === 'postgres') await looked.promise
      })
      await inserted.promise
      const seen = await texts()
      looked.resolve()
      await work
      expect(seen).toStrictEqual(engine === 'postgres' ? [] : ['a'])
      expect(await texts()).toStrictEqual(['a'])
    })

    test('of many callers at once lose no update', async () => {
      await empty()
      await add(1, '0').execute(database.kysely)
      const increment = () =>
        database.transaction(async (trx) => {
          const { rows } = await sql<{ text: string }>`select text from note where id = 1 for update`.execute(trx)
          await sql`update note set text = ${String(Number(rows[0]!.text) + 1)} where id = 1`.execute(trx)
        })
      await Promise.all(Array.from({ length: 40 }, increment))
      expect(await texts()).toStrictEqual(['40'])
    })

    test('with a snapshot see one state', async () => {
      await empty()
      await database.transaction(
        async (trx) => {
          const count = async () => (await sql<{ count: number }>`select count(*) from note`.execute(trx)).rows[0]!.count
          expect(await count()).toBe(0)
          // On PGlite nothing else can write meanwhile.
          if (engine === 'postgres') await add(1, 'a').execute(database.kysely)
          expect(await count()).toBe(0)
          expect((await sql`show transaction_isolation`.execute(trx)).rows).toStrictEqual([{ transaction_isolation: 'repeatable read' }])
        },
        { snapshot: true },
      )
    })

    test('hold what is sent at once from their beginning on, and may hold nothing', async () => {
      await empty()
      const work = database.transaction(async (trx) => {
        await Promise.all([add(1, 'a').execute(trx), add(2, 'b').execute(trx)])
        throw new Error('away with it')
      })
      await expect(work).rejects.toThrow('away with it')
      expect(await texts()).toStrictEqual([])
      expect(await database.transaction(async () => 'nothing')).toBe('nothing')
    })

    test('that take too long are rolled back, and make way', async () => {
      await empty()
      const stuck = Promise.withResolvers<void>()
      const work = database.transaction(
        async (trx) => {
          await add(1, 'a').execute(trx)
          await stuck.promise
          await add(2, 'b').execute(trx)
        },
        { timeoutMs: 200 },
      )
      await expect(work).rejects.toMatchObject({ name: 'DatabaseUnavailableError' })
      stuck.resolve()
      expect(await texts()).toStrictEqual([])
    })

    test('refuse a statement that comes after their end', async () => {
      await empty()
      const late = await database.transaction(async (trx) => () => add(1, 'late').execute(trx))
      await expect(late()).rejects.toThrow()
      expect(await texts()).toStrictEqual([])
    })

    test('refuse a statement that comes while they are rolled back because another one has failed', async () => {
      await empty()
      const work = database.transaction(async (trx) => {
        const late = async () => {
          // Until the connection has been given back: each turn of the event loop is a moment in between.
          for (let turn = 0; turn < 50; turn++) {
            await add(turn, 'late').execute(trx).catch(Boolean)
            await new Promise(setImmediate)
          }
        }
        const failing = sql`select 1 / 0`.execute(trx)
        await Promise.all([failing, failing.catch(late)])
      })
      await expect(work).rejects.toThrow('division by zero')
      expect(await texts()).toStrictEqual([])
    })

    test('can be settled from elsewhere', async () => {
      await empty()
      const kept = await database.beginTransaction()
      await kept.executeSql('insert into note values ($1, $2)', [1, 'kept'])
      await add(2, 'too').execute(kept.kysely)
      await kept.commit()
      await expect(kept.commit()).rejects.toThrow()
      await kept.rollback()
      const dropped = await database.beginTransaction()
      await dropped.executeSql(`insert into note values (3, 'dropped')`)
      await dropped.rollback()
      await dropped.rollback()
      await expect(dropped.executeSql('select 1')).rejects.toThrow()
      expect(await texts()).toStrictEqual(['kept', 'too'])
    })

    test('that nobody settles are rolled back in time', async () => {
      await empty()
      const forgotten = await database.beginTransaction({ timeoutMs: 200 })
      await forgotten.executeSql(`insert into note values (1, 'forgotten')`)
      // Waits for the row on PostgreSQL and for the turn on PGlite, until the deadline has passed.
      await add(1, 'next').execute(database.kysely)
      expect(await texts()).toStrictEqual(['next'])
      await expect(forgotten.commit()).rejects.toThrow()
    })
  })

  describe('notifications', () => {
    test('reach their listeners, quoted channel names and several listeners included', async () => {
      const first = Promise.withResolvers<string>()
      const second = Promise.withResolvers<string>()
      const stopFirst = await database.listen('Changes "of" notes', first.resolve)
      const stopSecond = await database.listen('Changes "of" notes', second.resolve)
      await database.executeSql('select pg_notify($1, $2)', ['Changes "of" notes', 'é'])
      expect(await Promise.all([first.promise, second.promise])).toStrictEqual(['é', 'é'])
      await stopFirst()
      await stopSecond()
    })

    test('of a transaction come when it commits and never when it rolls back', async () => {
      const heard: string[] = []
      const end = Promise.withResolvers<void>()
      const stop = await database.listen('notes', (payload) => (payload === 'end' ? end.resolve() : heard.push(payload)))
      await database.transaction(async (trx) => sql`select pg_notify('notes', 'committed')`.execute(trx))
      const dropped = database.transaction(async (trx) => {
        await sql`select pg_notify('notes', 'dropped')`.execute(trx)
        throw new Error('no')
      })
      await expect(dropped).rejects.toThrow('no')
      await database.executeSql(`select pg_notify('notes', 'end')`)
      await end.promise
      await stop()
      expect(heard).toStrictEqual(['committed'])
    })
  })
})

function asBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes && Buffer.from(bytes)
}
