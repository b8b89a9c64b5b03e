import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TarArchive, tarBytesOf } from '../../src/client/tar-archive.ts'
import { readTar } from '../../src/http/input/tar/read-tar.ts'
import { type HandMade, tarBytes } from '../support/tar-bytes.ts'

/** What a reader gives of an archive that arrives in pieces of so many bytes. */
async function read(archive: Uint8Array, pieceBytes = 65_536) {
  async function* pieces() {
    for (let at = 0; at < archive.length; at += pieceBytes) yield archive.subarray(at, at + pieceBytes)
  }
  const members: { name: string; refusal: string | null; content: string }[] = []
  for await (const { name, refusal, content } of readTar(pieces())) {
    const parts: Uint8Array[] = []
    if (content instanceof Uint8Array) parts.push(content)
    else for await (const part of content) parts.push(part)
    members.push({ name, refusal, content: Buffer.concat(parts).toString() })
  }
  return members
}

const files: Record<string, string> = {
  'a.dita': '<topic/>',
  'empty.dita': '',
  'exactly-a-block': 'b'.repeat(512),
  'deep/ünï cödé/"quotes" %22\nand lines.dita': 'odd',
  [`${'long/'.repeat(30)}${'n'.repeat(90)}.dita`]: 'long',
  [`${'n'.repeat(200)}.dita`]: 'no place to divide it',
  'large.bin': 'l'.repeat(300_000),
}
const expected = Object.entries(files).map(([name, content]) => ({ name, refusal: null, content }))
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-tar-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'in', name)), { recursive: true })
    writeFileSync(join(folder, 'in', name), content)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('an archive', () => {
  it.each(['gnu', 'pax'])('made by tar --format=%s is read, however it arrives', async (format) => {
    const archive = execFileSync('tar', ['c', `--format=${format}`, '-C', join(folder, 'in'), '.'])
    for (const pieceBytes of [1_000_000, 65_536, 511]) {
      expect((await read(archive, pieceBytes)).sort(byName)).toEqual([...expected].sort(byName))
    }
  })

  it('made by the client is one for tar, and is read', async () => {
    const archive = new TarArchive(400_000)
    archive.add('removed again', 3)!.fill(1)
    archive.cutBack(0)
    for (const [name, content] of Object.entries(files)) {
      const before = archive.size
      archive.add(name, Buffer.byteLength(content))!.set(Buffer.from(content))
      expect(archive.size - before).toBe(tarBytesOf(name, Buffer.byteLength(content)))
    }
    expect(archive.add('too much', 100_000)).toBeNull()
    expect((await read(archive.bytes())).sort(byName)).toEqual([...expected].sort(byName))
    mkdirSync(join(folder, 'out'))
    execFileSync('tar', ['x', '-C', join(folder, 'out')], { input: archive.bytes() })
    for (const [name, content] of Object.entries(files)) expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe(content)
  })

  it('gives what is no file with the reason, and what is around it', async () => {
    symlinkSync('/etc/passwd', join(folder, 'link'))
    const real = execFileSync('tar', ['c', '-C', folder, 'link'])
    expect(await read(real)).toMatchObject([{ name: 'link', refusal: expect.stringContaining('--dereference') }])
    const kinds = ['1', '2', '3', '4', '6', 'S', 'Z']
    const members = await read(tarBytes([...kinds.map((kind) => ({ name: `kind ${kind}`, kind })), { name: 'file', content: 'x' }]))
    expect(members.map(({ name, refusal }) => [name, refusal !== null])).toEqual([
      ...kinds.map((kind) => [`kind ${kind}`, true]),
      ['file', false],
    ])
    expect(await read(tarBytes([{ name: Buffer.from([0x66, 0xe9]) }]))).toMatchObject([{ refusal: expect.stringContaining('UTF-8') }])
  })

  it('passes over folders, global headers, volume labels and long targets of links, with what they hold', async () => {
    const passed = [...['5', 'D', 'g', 'V', 'K'].map((kind) => ({ name: 'x', kind, content: 'y'.repeat(600) })), { name: 'old folder/' }]
    expect(await read(tarBytes([...passed, { name: './././file' }]))).toEqual([{ name: 'file', refusal: null, content: '' }])
  })

  it('has the size that an extended header or a binary number says', async () => {
    const base256 = `\x80${'\0'.repeat(9)}\x02\x01`
    const pax = { name: 'x', kind: 'x', content: '12 size=513\n' }
    const content = 'z'.repeat(513)
    for (const members of [[{ name: 'f', content, size: base256 }], [pax, { name: 'f', content, size: '0' }]]) {
      expect(await read(tarBytes([...members, { name: 'next' }]))).toMatchObject([{ content }, { name: 'next' }])
    }
    const sparse = { name: 'x', kind: 'x', content: '22 GNU.sparse.major=1\n' }
    expect(await read(tarBytes([sparse, { name: 'f' }, { name: 'next' }]))).toMatchObject([
      { refusal: expect.stringContaining('holes') },
      { refusal: null },
    ])
  })
})

describe('what is no archive', () => {
  const broken: [what: string, archive: Uint8Array][] = [
    ['nothing', new Uint8Array(0)],
    ['text', Buffer.from('<topic/>'.repeat(200))],
    ['compressed', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(600, 1)])],
    ['without its end', tarBytes([{ name: 'a', content: 'x' }], { open: true })],
    ['cut in a content', tarBytes([{ name: 'a', content: 'x'.repeat(2000) }]).subarray(0, 1500)],
    ['cut in a large content', tarBytes([{ name: 'a', content: 'x'.repeat(200_000) }]).subarray(0, 150_000)],
    ['cut in a header', tarBytes([{ name: 'a' }]).subarray(0, 300)],
    ['damaged', tarBytes([{ name: 'a', patch: [[3, 'b']] }])],
    ['of an immense size', tarBytes([{ name: 'a', size: `\x80${'\xff'.repeat(11)}` }])],
    ['of a negative size', tarBytes([{ name: 'a', size: '\xff'.repeat(12) }])],
    ['of no size', tarBytes([{ name: 'a', size: 'hello' }])],
    ...['no', '99 path=a\n', '5 a=\n12', '0 path=a\n', '-1 path=a\n', '11 size=-1\n', '9 pathxy\n'].map((content): [string, Uint8Array] => [
      `with the records ${JSON.stringify(content)}`,
      tarBytes([{ name: 'x', kind: 'x', content }]),
    ]),
    ['with records that never end', tarBytes([{ name: 'x', kind: 'x', size: '77777777777\0' } satisfies HandMade])],
  ]
  it.each(broken)('is refused: %s', async (_what, archive) => {
    await expect(read(archive)).rejects.toMatchObject({ kind: { code: 'ASSAY-MALFORMED-BODY' } })
    await expect(read(archive, 100)).rejects.toMatchObject({ kind: { code: 'ASSAY-MALFORMED-BODY' } })
  })
})
