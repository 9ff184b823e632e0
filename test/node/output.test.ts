/** In this process; what processes do with it is in test/commands/analyze-output.test.ts. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { OutputError, openOutput, openOutputFile } from '../../src/node/output.ts'
import { temporaryFolder } from './fixtures.ts'

const base = temporaryFolder()
let count = 0
let folder = base
let path = ''

beforeEach(() => {
  folder = join(base, String(count++))
  mkdirSync(folder)
  path = join(folder, 'x.csv')
})

describe('openOutputFile', () => {
  test('nothing is there before it is finished, and nothing else after', async () => {
    const output = await openOutputFile(path)
    await output.write('größer ')
    await output.write('than before\n')
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.x\.csv\..*\.part$/)])
    await output.finish()
    expect(readdirSync(folder)).toEqual(['x.csv'])
    expect(readFileSync(path, 'utf8')).toBe('größer than before\n')
  })

  test('abandoned, it was never there; twice is once', async () => {
    writeFileSync(path, 'old')
    const output = await openOutputFile(path)
    await output.write('new')
    await output.abandon()
    await output.abandon()
    expect(readdirSync(folder)).toEqual(['x.csv'])
    expect(readFileSync(path, 'utf8')).toBe('old')
  })

  test('two at once: the last to finish stays, whole', async () => {
    const [first, second] = await Promise.all([openOutputFile(path), openOutputFile(path)])
    await Promise.all([first.write('first'), second.write('second')])
    await second.finish()
    await first.finish()
    expect(readFileSync(path, 'utf8')).toBe('first')
    expect(readdirSync(folder)).toEqual(['x.csv'])
  })

  test('names as long as the file system allows', async () => {
    const output = await openOutputFile(join(folder, `${'n'.repeat(251)}.csv`))
    await output.finish()
    expect(readdirSync(folder)).toEqual([`${'n'.repeat(251)}.csv`])
  })

  test('leaves no listener behind', async () => {
    const before = process.listenerCount('exit')
    for (const end of ['finish', 'abandon'] as const) await (await openOutputFile(path))[end]()
    expect(process.listenerCount('exit')).toBe(before)
  })

  test('what fails says where and why', async () => {
    await expect(openOutputFile(join(folder, 'a/b.csv'))).rejects.toThrow(
      new OutputError(`cannot write ${folder}/a/b.csv: there is no folder ${folder}/a`),
    )
    const full = await openOutputFile('/dev/full')
    await expect(full.write('x')).rejects.toThrow(
      new OutputError('cannot write /dev/full: no space left on the device'),
    )
    await full.abandon()
  })
})

describe('openOutput', () => {
  test('refuses the inputs, by whatever name; stdin and what does not exist are no obstacle', async () => {
    writeFileSync(path, 'capture')
    await expect(openOutput(`${folder}/../${count - 1}/x.csv`, [path])).rejects.toThrow(
      `will not write over the input ${path}`,
    )
    const output = await openOutput(join(folder, 'y.csv'), [path, '-', join(folder, 'gone')])
    await output.abandon()
    expect(readdirSync(folder)).toEqual(['x.csv'])
  })
})
