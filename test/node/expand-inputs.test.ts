import { mkdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { expandInputs } from '../../src/node/expand-inputs.ts'
import { temporaryFolder, writeFile } from './fixtures.ts'

const folder = temporaryFolder()
mkdirSync(join(folder, 'in', 'deep', '.hidden'), { recursive: true })
mkdirSync(join(folder, 'nothing', 'here'), { recursive: true })
const captures = [
  'in/a.pcap',
  'in/b.PCAPNG',
  'in/c.cap.gz',
  'in/deep/ring.pcap2',
  'in/deep/ring.pcap10',
  'in/deep/x.ntar.zst',
  'in/deep/y.dmp.lz4',
]
for (const name of [
  ...captures,
  'in/notes.txt',
  'in/a.pcap.txt',
  'in/pcap',
  'in/x.gz',
  'nothing/here/README',
  'odd[1].pcap',
  'odd1.pcap',
]) {
  writeFile(folder, name, Buffer.from('x'))
}

async function expand(...args: string[]): Promise<string[]> {
  const files = await expandInputs(args.map((arg) => (arg === '-' ? arg : join(folder, arg))))
  return files.map((file) => (file === '-' ? file : relative(folder, file)))
}

async function refusal(...args: string[]): Promise<string> {
  const error = await expand(...args).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(SourceUnavailable)
  return (error as Error).message.replaceAll(folder, 'F')
}

test('files as they are named, in their order, each once; - passes through', async () => {
  expect(await expand('in/notes.txt', '-', 'in/a.pcap', 'in/../in/a.pcap')).toEqual(['in/notes.txt', '-', 'in/a.pcap'])
  expect(await expandInputs([])).toEqual([])
})

test('a folder gives its captures, at any depth, sorted, ring files by number', async () => {
  expect(await expand('in')).toEqual(captures)
})

test('a link to a capture counts, a link to nowhere does not', async () => {
  mkdirSync(join(folder, 'links'))
  symlinkSync(join(folder, 'in', 'a.pcap'), join(folder, 'links', 'good.pcap'))
  symlinkSync(join(folder, 'in', 'gone.pcap'), join(folder, 'links', 'gone.pcap'))
  symlinkSync(join(folder, 'in'), join(folder, 'links', 'folder.pcap'))
  expect(await expand('links')).toEqual(['links/good.pcap'])
})

test('globs, for shells that leave them', async () => {
  expect(await expand('in/*.pcap')).toEqual(['in/a.pcap'])
  expect(await expand('in/**/ring.pcap*')).toEqual(['in/deep/ring.pcap2', 'in/deep/ring.pcap10'])
  expect(await expand('in/{a,b}.{pcap,PCAPNG}', 'in/?.pcap')).toEqual(['in/a.pcap', 'in/b.PCAPNG'])
})

test('a name that exists is not a glob', async () => {
  expect(await expand('odd[1].pcap')).toEqual(['odd[1].pcap'])
  expect(await expand('od[d]1.pcap')).toEqual(['odd1.pcap'])
})

test('what cannot be found is one sentence', async () => {
  expect(await refusal('in/a.pcap', 'gone.pcap')).toBe('cannot open F/gone.pcap: no such file')
  expect(await refusal('*.nothing')).toBe('no file matches F/*.nothing')
  expect(await refusal('nothing')).toMatch(/^no captures in the folder F\/nothing: no file ends in \.pcap/)
})
