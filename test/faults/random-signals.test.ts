/**
 * SIGTERM at thirty moments, the same in every run: before anything, while reading, while writing, at the end. Whatever it meets,
 * what is written is whole, nothing is left beside it, and nobody stays behind.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seeded, temporaryFolder } from '../node/fixtures.ts'
import { eventually } from '../support/live-captures.ts'
import { startLive } from '../support/live-process.ts'
import { rowsOf } from '../support/log-files.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { NETKIT, type Result, resultOf, startNetkit } from '../support/netkit-process.ts'
import { readCapture } from '../support/read-capture.ts'
import { LARGE_CAPLEN, LARGE_FRAMES, writeLargeCapture } from './large-capture.ts'

const folder = temporaryFolder()
const large = join(folder, 'large.pcap')
beforeAll(() => {
  // Four segments and more: two jobs have something to share.
  expect(writeLargeCapture(large, LARGE_FRAMES, LARGE_CAPLEN)).toBeGreaterThan(4 << 24)
})

let made = 0

function newFolder(): string {
  const path = join(folder, String(made++))
  mkdirSync(path)
  return path
}

/** So many moments between 0 and `mostMs`. */
function moments(count: number, mostMs: number, seed: number): number[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () => Math.round(random() * mostMs))
}

async function interrupted(args: readonly string[], afterMs: number): Promise<Result> {
  const child = startNetkit(args)
  const result = resultOf(child)
  await sleep(afterMs)
  child.kill('SIGTERM')
  return result
}

/** How long it takes when nobody interrupts, and what it writes. */
async function undisturbed(args: readonly string[]): Promise<{ ms: number }> {
  const start = performance.now()
  expect((await resultOf(startNetkit(args))).code).toBe(0)
  return { ms: performance.now() - start }
}

/** Ended by itself, or by the signal before it had begun to listen. */
function expectEnd({ code, signal, stderr }: Result): void {
  expect([code, signal]).toEqual(signal === null ? [0, null] : [null, 'SIGTERM'])
  for (const line of stderr.split('\n').slice(0, -1)) expect(line).toMatch(/^netkit: /)
}

describe.each([1, 2])('analyze -o, %d jobs', (jobs) => {
  const out = join(folder, `out${jobs}`)
  const file = join(out, 'rates.csv')
  const args = ['analyze', large, '-w', '1', '-o', file, '-j', String(jobs)]

  test('eight moments', async () => {
    rmSync(out, { recursive: true, force: true })
    mkdirSync(out)
    const { ms } = await undisturbed(args)
    const whole = readFileSync(file, 'utf8').split('\n')
    for (const afterMs of moments(8, ms * 1.1, jobs)) {
      writeFileSync(file, 'old')
      const result = await interrupted(args, afterMs)
      expectEnd(result)
      for (const name of readdirSync(out)) {
        if (name === 'rates.csv') continue
        // Killed between opening it and listening: its name says what it is.
        expect([name, result.signal]).toEqual([expect.stringMatching(/^\.rates\.csv\.[0-9a-f]{8}\.part$/), 'SIGTERM'])
        rmSync(join(out, name))
      }
      const text = readFileSync(file, 'utf8')
      if (text === 'old') continue
      // Killed in its last milliseconds, when Node listens to no signal any more: then all was written.
      if (result.signal !== null) expect(text).toBe(whole.join('\n'))
      const lines = text.split('\n')
      expect(lines.at(-1)).toBe('')
      // Windows that were over are those of the whole capture.
      const last = lines.at(-2)!.split(',')[0]
      const before = lines.filter((line) => line !== '' && line.split(',')[0] !== last)
      expect(before).toEqual(whole.slice(0, before.length))
      expect(rowsOf(text).reduce((sum, { packets }) => sum + Number(packets), 0)).toBeLessThanOrEqual(LARGE_FRAMES)
    }
  }, 120_000)
})

describe('log -o', () => {
  test('CSV in files, five moments', async () => {
    const out = newFolder()
    const args = ['log', large, '-o', join(out, 'log.csv'), '--rotate', 'size=500kB']
    const { ms } = await undisturbed(args)
    for (const afterMs of moments(5, ms, 11)) {
      for (const name of readdirSync(out)) rmSync(join(out, name))
      const result = await interrupted(args, afterMs)
      expectEnd(result)
      const names = readdirSync(out).sort()
      // The newest has the name without a number, which sorts last.
      expect(names).toEqual(names.map((_, i) => (i === names.length - 1 ? 'log.csv' : numbered(i + 1))))
      const numbers = names.flatMap((name) => {
        const text = readFileSync(join(out, name), 'utf8')
        expect(text.endsWith('\n')).toBe(true)
        return rowsOf(text).map(({ frame }) => Number(frame))
      })
      expect(numbers).toEqual(numbers.map((_, i) => i + 1))
      if (result.signal === null) expect(result.stderr === '' ? 0 : loggedFrames(result)).toBe(numbers.length)
    }
  }, 120_000)

  test('pcapng, three moments', async () => {
    const file = join(folder, 'log.pcapng')
    const args = ['log', large, '-o', file]
    const { ms } = await undisturbed(args)
    for (const afterMs of moments(3, ms, 13)) {
      rmSync(file, { force: true })
      const result = await interrupted(args, afterMs)
      expectEnd(result)
      if (result.signal !== null || result.stderr === '') continue
      const { frames, fault } = await readCapture(readFileSync(file))
      expect([frames.length, fault]).toEqual([loggedFrames(result), null])
    }
  }, 120_000)
})

function numbered(number: number): string {
  return `log.${String(number).padStart(5, '0')}.csv`
}

function loggedFrames({ stderr }: Result): number {
  return Number(/logged (\d+) frame/.exec(stderr)![1])
}

const reason = whyNoLab('dumpcap')
if (reason !== null) console.log(`SIGTERM to live captures: skipped, ${reason}`)

describe.skipIf(reason !== null)('on an interface', () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab()
  })
  afterAll(() => lab.close())

  const nobodyStays = async () => expect(await eventually(() => lab.pids(lab.a).length === 0, 8000)).toBe(true)

  test('live, three moments', async () => {
    const file = join(folder, 'live.csv')
    for (const afterMs of moments(3, 1500, 17)) {
      const { child, result } = await startLive(lab.a, ['va', '-w', '0.2', '-n', '-o', file])
      const sending = lab.send(Math.ceil((afterMs + 200) / 2), { rate: 500 })
      await sleep(afterMs)
      child.kill('SIGTERM')
      expect(await result).toMatchObject({ code: 0, stdout: '', stderr: 'netkit: listening on va\n' })
      await sending
      const text = readFileSync(file, 'utf8')
      expect(text).toMatch(/^window_start,.*\n$/s)
      const header = text.split('\n')[0]!.split(',').length
      for (const line of text.split('\n').slice(0, -1)) expect(line.split(',')).toHaveLength(header)
      await nobodyStays()
    }
  }, 60_000)

  test('log, three moments', async () => {
    for (const afterMs of moments(3, 1500, 19)) {
      const out = newFolder()
      const args = ['log', 'va', '-o', join(out, 'log.csv'), '--rotate', 'size=10kB']
      const child = spawn('ip', ['netns', 'exec', lab.a, process.execPath, NETKIT, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let said = ''
      child.stderr.on('data', (text) => {
        said += text
      })
      const result = resultOf(child)
      expect(await eventually(() => said.includes('capturing on'), 10_000)).toBe(true)
      const sending = lab.send(Math.ceil((afterMs + 200) / 2), { rate: 500 })
      await sleep(afterMs)
      child.kill('SIGTERM')
      const ended = await result
      expect(ended.code).toBe(0)
      await sending
      const numbers = readdirSync(out)
        .sort()
        .flatMap((name) => rowsOf(readFileSync(join(out, name), 'utf8')).map(({ frame }) => Number(frame)))
      expect(numbers).toEqual(numbers.map((_, i) => i + 1))
      expect(loggedFrames(ended)).toBe(numbers.length)
      await nobodyStays()
    }
  }, 60_000)
})
