import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, unlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { findInputs, totalSize } from '../../src/node/inputs.ts'
import { readAll, temporaryFolder, writeFile } from './fixtures.ts'

const folder = temporaryFolder()
const one = writeFile(folder, 'one.pcap', Buffer.from('1234'))
const two = writeFile(folder, 'two.pcap', Buffer.from('123456'))

test('files: repeatable, with a size, and as many times as they are opened', async () => {
  const inputs = await findInputs([two, one])
  expect(inputs).toMatchObject([
    { name: two, path: two, repeatable: true, size: 6 },
    { name: one, path: one, repeatable: true, size: 4 },
  ])
  for (let i = 0; i < 2; i++) expect((await readAll(await inputs[1]!.open())).bytes.toString()).toBe('1234')
  expect(totalSize(inputs)).toBe(10)
})

test('folders and globs become their files, each once', async () => {
  const names = async (...args: string[]) => (await findInputs(args)).map(({ name }) => resolve(name))
  expect(await names(folder)).toEqual([one, two])
  expect(await names(join(folder, 't*'), folder)).toEqual([two, one])
})

test('stdin and pipes: once only, of nobody knows what size', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const inputs = await findInputs(['-', pipe, one])
  expect(inputs).toMatchObject([
    { name: 'stdin', path: '-', repeatable: false, size: null },
    { name: pipe, path: pipe, repeatable: false, size: null },
    { size: 4 },
  ])
  expect(totalSize(inputs)).toBeNull()
  expect(totalSize([])).toBe(0)
})

test('what does not exist costs the others nothing: it is an input that cannot be opened', async () => {
  const [good, missing, ...more] = await findInputs([one, join(folder, 'nowhere')])
  expect([good?.path, more]).toEqual([one, []])
  await expect(missing!.open()).rejects.toThrow(SourceUnavailable)
})

test('a file is one input by whatever name or link', async () => {
  const link = join(folder, 'latest.pcap')
  symlinkSync(one, link)
  expect((await findInputs([one, link])).map(({ path }) => path)).toEqual([one])
  unlinkSync(link)
})

test('alone, what does not exist is said before anything is read', async () => {
  mkdirSync(join(folder, 'none'))
  for (const args of [[join(folder, 'nowhere')], [join(folder, 'none')], [join(folder, 'x*')]]) {
    await expect(findInputs(args)).rejects.toThrow(SourceUnavailable)
  }
})
