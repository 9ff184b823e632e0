/**
 * Two netkits that write the same file. analyze: the last to end stays, whole. log: whole lines of both from the moment on when
 * the second one emptied it; in files with numbers, nothing of either is lost.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openGrowingOutput } from '../../src/node/growing-file.ts'
import { RotatingFile } from '../../src/node/rotating-file.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { netkit } from '../support/netkit-process.ts'
import { writeLargeCapture } from './large-capture.ts'

const FRAMES = 40_000
const folder = temporaryFolder()
const large = join(folder, 'large.pcap')
writeLargeCapture(large, FRAMES)
let made = 0

function newFolder(): string {
  const path = join(folder, String(made++))
  mkdirSync(path)
  return path
}

const both = (...args: string[]) => Promise.all([netkit(args), netkit(args)])
const bytes = (text: string) => new TextEncoder().encode(text)

/** How often each frame is in the CSV, from frame 1 on. Every line is whole. */
function timesLogged(text: string): number[] {
  const times = Array.from({ length: FRAMES }, () => 0)
  const lines = text.split('\n')
  expect(lines.pop()).toBe('')
  for (const line of lines) {
    const values = line.split(',')
    expect(values).toHaveLength(11)
    if (values[0] !== 'frame') times[Number(values[0]) - 1]!++
  }
  return times
}

describe('two netkits, one file', () => {
  test('analyze -o', async () => {
    const out = newFolder()
    const args = ['analyze', large, '-w', '1', '-o', join(out, 'x.csv')]
    await netkit(args)
    const alone = readFileSync(join(out, 'x.csv'), 'utf8')
    for (const result of await both(...args)) expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(out)).toEqual(['x.csv'])
    expect(readFileSync(join(out, 'x.csv'), 'utf8')).toBe(alone)
  })

  test('log -o: every line is whole, and all of the later one are there', async () => {
    const file = join(newFolder(), 'log.csv')
    for (const { code } of await both('log', large, '-o', file)) expect(code).toBe(0)
    for (const count of new Set(timesLogged(readFileSync(file, 'utf8')))) expect([1, 2]).toContain(count)
  })

  test('log -o --rotate: all lines of both', async () => {
    const out = newFolder()
    const file = join(out, 'log.csv')
    for (const { code } of await both('log', large, '-o', file, '--rotate', 'size=100kB')) expect(code).toBe(0)
    const text = readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))
    expect(new Set(timesLogged(text.join('')))).toEqual(new Set([2]))
  })

  test('live -o, piece by piece', async () => {
    const path = join(newFolder(), 'live.csv')
    const first = await openGrowingOutput(path)
    await first.write('before\n')
    const second = await openGrowingOutput(path)
    await second.write('b1\n')
    await first.write('a2\n')
    await second.write('b3\n')
    await Promise.all([first.finish(), second.finish()])
    expect(readFileSync(path, 'utf8')).toBe('b1\na2\nb3\n')
  })

  test('files with numbers, in every order', async () => {
    const out = newFolder()
    const options = { inputs: [], rotate: true }
    const logs = [await RotatingFile.at(join(out, 'log'), options), await RotatingFile.at(join(out, 'log'), options)]
    const order = [0, 1, 0, 0, 1, 1, 0, 1, 0, 1]
    for (const [i, which] of order.entries()) {
      await logs[which]!.begin()
      await logs[which]!.write(bytes(`${i}\n`))
      await logs[1 - which]!.write(bytes('')).catch(() => {})
    }
    for (const log of logs) await log.finish()
    const written = readdirSync(out).map((name) => Number(readFileSync(join(out, name), 'utf8')))
    expect(written.sort((a, b) => a - b)).toEqual(order.map((_, i) => i))
  })
})
