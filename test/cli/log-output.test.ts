import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Logged, openLogOutput, summaryOf, writeLog } from '../../src/cli/log-output.ts'
import type { LogRecord } from '../../src/pipeline/log-frames.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { eventually } from '../support/live-captures.ts'

const folder = temporaryFolder()
const nothing = (): Logged => ({ frames: 0, bytes: 0, dropped: null })

const piece = (text: string, frames: number, startsFile = false): LogRecord => ({
  type: 'piece',
  bytes: Buffer.from(text),
  frames,
  length: 100 * frames,
  startsFile,
})

test('pieces in their order, into the files that they start', async () => {
  const path = join(folder, 'x.txt')
  const output = await openLogOutput(path, { inputs: [], rotate: true })
  const logged = nothing()
  async function* records(): AsyncGenerator<LogRecord> {
    yield piece('head\n', 0, true)
    for (let i = 0; i < 50; i++) yield piece(`${i}\n`, 1)
    yield piece('head\n', 0, true)
    yield piece('last\n', 2)
    yield { type: 'end', dropped: 7 }
  }
  await writeLog(records(), output, logged)
  expect(logged).toEqual({ frames: 52, bytes: 5200, dropped: 7 })
  const first = Array.from({ length: 50 }, (_, i) => `${i}\n`).join('')
  expect(readFileSync(join(folder, 'x.00001.txt'), 'utf8')).toBe(`head\n${first}`)
  expect(readFileSync(path, 'utf8')).toBe('head\nlast\n')
  expect(summaryOf(logged, output.place()!, true)).toMatch(
    /^logged 52 frames, 5200 bytes, to .*x\.txt and 1 older file \(.*\); dropped: 7 \(11\.9%\)$/,
  )
})

test('a piece is in the file while the next is waited for', async () => {
  const path = join(folder, 'waiting.txt')
  const output = await openLogOutput(path, { inputs: [], rotate: false })
  const logged = nothing()
  let more = () => {}
  async function* records(): AsyncGenerator<LogRecord> {
    yield piece('first\n', 1, true)
    await new Promise<void>((resolve) => (more = resolve))
  }
  const writing = writeLog(records(), output, logged)
  expect(await eventually(() => existsSync(path) && readFileSync(path, 'utf8') === 'first\n')).toBe(true)
  expect(await eventually(() => logged.frames === 1)).toBe(true)
  more()
  await writing
})

test.skipIf(!existsSync('/dev/full'))('a write that fails ends it, though no piece ever comes again', async () => {
  const output = await openLogOutput('/dev/full', { inputs: [], rotate: false })
  const logged = nothing()
  async function* records(): AsyncGenerator<LogRecord> {
    yield piece('x', 1, true)
    await new Promise(() => {})
  }
  const failing = writeLog(records(), output, logged).catch((error: Error) => error.message)
  expect(await Promise.race([failing, sleep(3000)])).toBe('cannot write /dev/full: no space left on the device')
  expect(logged.frames).toBe(0)
})
