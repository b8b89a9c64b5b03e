import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'

export const path = 'src/store/schema.sql'

/** The schema that the migrations lead to, read back from the catalogue of a fresh embedded database. */
export async function render(): Promise<string> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-schema-'))
  try {
    await using database = await openDatabase({ dataDirectory, disk: { minFreeBytes: 0, ballastBytes: 0 } })
    await migrate(database)
    const tables = await describeTables(database.kysely)
    const routines = await describeRoutines(database.kysely)
    return ['-- Generated from src/store/migrations by `npm run generate`. Do not edit.', ...tables, ...routines].join('\n\n').concat('\n')
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the catalogue is not part of the schema's types
async function describeTables(db: Kysely<any>): Promise<string[]> {
  const { rows } = await sql<{
    name: string
    columns: string[]
    constraints: string[] | null
    indexes: string[] | null
    options: string | null
  }>`
    select c.relname as name,
      array(select format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case when l.collname not in ('default') then format(' collate %I', l.collname) else '' end,
          case when a.attnotnull then ' not null' else '' end,
          case when a.attidentity = 'a' then ' generated always as identity'
            when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end)
          || case when a.attstorage = 'e' then ' /* storage external */' else '' end
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        left join pg_collation l on l.oid = a.attcollation
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
      array(select format('constraint %I %s', conname, pg_get_constraintdef(oid)) from pg_constraint
        where conrelid = c.oid and contype <> 'n' order by contype desc, conname) as constraints,
      array(select pg_get_indexdef(i.indexrelid) || ';' from pg_index i where i.indrelid = c.oid and not exists (
        select 1 from pg_constraint k where k.conindid = i.indexrelid) order by 1) as indexes,
      array_to_string(c.reloptions, ', ') as options
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'assay' and c.relkind = 'r' order by c.relname`.execute(db)
  return rows.map(({ name, columns, constraints, indexes, options }) => {
    const body = [...columns, ...(constraints ?? [])].map((line) => `  ${line}`).join(',\n')
    return [`create table assay.${name} (\n${body}\n)${options ? ` with (${options})` : ''};`, ...(indexes ?? [])].join('\n')
  })
}

// biome-ignore lint/suspicious/noExplicitAny: the catalogue is not part of the schema's types
async function describeRoutines(db: Kysely<any>): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select rtrim(pg_get_functiondef(p.oid), E'\\n') || ';' as text
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'assay'
    union all
    select pg_get_triggerdef(t.oid) || ';' from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'assay' and not t.tgisinternal order by 1`.execute(db)
  return rows.map(({ text }) => text)
}
