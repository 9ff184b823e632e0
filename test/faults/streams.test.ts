/** A stdin that stalls, and a reader that does not read. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { eventually } from '../support/live-captures.ts'
import { rowsOf } from '../support/log-files.ts'
import { resultOf, shell, startNetkit } from '../support/netkit-process.ts'
import { writeLargeCapture } from './large-capture.ts'
import { startStalled } from './stalled-netkit.ts'

const FRAMES = 50_000
const folder = temporaryFolder()
const large = join(folder, 'large.pcap')
let bytes: Buffer
beforeAll(() => {
  writeLargeCapture(large, FRAMES)
  bytes = readFileSync(large)
})

describe('stdin stalls', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('analyze: %s ends it with what was read', async (signal) => {
    const { child, result } = await startStalled(['analyze', '-', '-T', 'json', '-j', '2'], bytes)
    child.kill(signal)
    const { code, stdout, stderr } = await result
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout).capture.frames).toBe(FRAMES)
  })

  test('check', async () => {
    const { child, result } = await startStalled(['check', '-', '-T', 'json'], bytes)
    child.kill('SIGINT')
    const { code, stdout } = await result
    expect([code, JSON.parse(stdout).capture.frames]).toEqual([0, FRAMES])
  })

  test('log: in the middle of a record', async () => {
    const { child, result } = await startStalled(['log', '-', '-T', 'csv'], bytes.subarray(0, -20))
    child.kill('SIGINT')
    const { code, stdout, stderr } = await result
    expect([code, rowsOf(stdout).length]).toEqual([0, FRAMES - 1])
    expect(stderr).toMatch(/^netkit: logged 49999 frames, 49999000 bytes\n$/)
  })

  test('in the middle of a compressed stream', async () => {
    const stored = gzipSync(bytes, { level: 0 })
    const { child, result } = await startStalled(['analyze', '-', '-T', 'json'], stored.subarray(0, -5000))
    child.kill('SIGINT')
    const { code, stdout, stderr } = await result
    expect([code, stderr]).toEqual([0, ''])
    const { frames } = JSON.parse(stdout).capture
    expect(frames).toBeGreaterThan(FRAMES * 0.95)
    expect(frames).toBeLessThan(FRAMES)
  })
})

describe('a reader that stops', () => {
  test.each([
    ['analyze', '-w 10ms -T csv'],
    ['log', '-T csv'],
    ['log', '-T pcapng'],
  ])('%s %s | sleep: quietly', async (command, args) => {
    expect(await shell(`netkit ${command} '${large}' ${args} | sleep 1`)).toMatchObject({ code: 0, stderr: '' })
  })

  const usedCpu = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).join(' ')

  /** It has begun to write, so it listens to signals, and has nothing to do any more: its output is full. */
  async function blocked({ pid, stdout }: ChildProcess): Promise<boolean> {
    await once(stdout!, 'readable')
    let before = ''
    let same = 0
    return eventually(() => {
      const now = usedCpu(pid!)
      same = now === before ? same + 1 : 0
      before = now
      return same >= 10
    }, 20_000)
  }

  test.skipIf(!existsSync('/proc/self/stat'))(
    'it is waited for, and what it gets after a SIGTERM is whole',
    async () => {
      const child = startNetkit(['log', large, '-T', 'csv'])
      expect(await blocked(child)).toBe(true)
      const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1])
      expect(peak).toBeLessThan(300_000)
      child.kill('SIGTERM')
      const { code, stdout, stderr } = await resultOf(child)
      expect([code, stdout.at(-1)]).toEqual([0, '\n'])
      const numbers = rowsOf(stdout).map(({ frame }) => Number(frame))
      expect(numbers).toEqual(numbers.map((_, i) => i + 1))
      expect(stderr).toContain(`logged ${numbers.length} frames`)
      expect(numbers.length).toBeLessThan(FRAMES)
    },
  )

  test.skipIf(!existsSync('/proc/self/stat'))('a second signal leaves it alone', async () => {
    const child = startNetkit(['analyze', large, '-w', '10ms', '-T', 'csv'])
    expect(await blocked(child)).toBe(true)
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect((await resultOf(child)).code).toBe(130)
  })
})
