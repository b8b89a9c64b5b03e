import { foldHash } from '../../src/model/fold-hash.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'

export const root = '/content/dam/bench'
const folders = 1000
const assetsPerPack = 1000

/** Settled topics with contents of one length in packs, in folders of equal size, received an hour ago. */
export async function fillTopics({ executeSql }: DatabaseConnection, assets: number): Promise<void> {
  const digits = (number: number, length: number) => String(number).padStart(length, '0')
  const pathOf = (number: number) => `${root}/${digits(number % folders, 3)}/topic-${digits(number, 7)}.dita`
  const paths = [root, ...Array.from({ length: folders }, (_, index) => `${root}/${digits(index, 3)}`)]
  await executeSql('insert into assay.folder (path, fold_hash) select * from unnest($1::text[], $2::bigint[])', [
    paths,
    paths.map(foldHash),
  ])
  for (let from = 0; from < assets; from += assetsPerPack) {
    const topics = Array.from({ length: Math.min(assetsPerPack, assets - from) }, (_, index) => pathOf(from + index))
    await executeSql(
      `with topic as materialized (
        select n, path, hash, convert_to('<?xml version="1.0"?><topic id="t' || l || '"><title>Topic ' || l || '</title><body><p>A sentence.</p></body></topic>', 'UTF8') as bytes
        from (
          select $1::integer + place - 1 as n, lpad(($1::integer + place - 1)::text, 7, '0') as l, path, hash
          from unnest($2::text[], $3::bigint[]) with ordinality as t(path, hash, place)
        ) numbered
      ), pack as (
        insert into assay.content_pack (bytes) select string_agg(bytes, null order by n) from topic returning id
      )
      insert into assay.asset (uuid, path, fold_hash, revision, status, type, size, sha256, pack_id, pack_offset, media_type, created_at, received_at, settled_at)
      select 'GUID-' || gen_random_uuid(), path, hash, 1, 2, 0, length(bytes), sha256(bytes), pack.id, (n - $1) * length(bytes), 'application/dita+xml',
        now() - interval '1 hour', now() - interval '1 hour', now()
      from topic cross join pack`,
      [from, topics, topics.map(foldHash)],
    )
  }
  await executeSql('vacuum analyze assay.asset')
}
