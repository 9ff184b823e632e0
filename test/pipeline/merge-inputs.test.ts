import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import type { CaptureStream } from '../../src/capture/stream.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type Input, planInputs } from '../../src/pipeline/inputs.ts'
import { mergeInputs } from '../../src/pipeline/merge-inputs.ts'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { createParser, memorySource, readCapture } from '../support/read-capture.ts'
import { missingTools } from '../support/tools.ts'

/** A frame is its time and a number of its own, told by its length. */
interface Frame {
  readonly time: number
  readonly id: number
}

const files = fc
  .array(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 }), { minLength: 2, maxLength: 5 })
  .map((lists) => {
    let id = 1
    return lists.map((times): Frame[] => times.map((time) => ({ time, id: id++ })))
  })

function captureOf(frames: readonly Frame[]): Buffer {
  return pcap(frames.map(({ time, id }) => ({ seconds: time, data: new Uint8Array(14), origlen: id + 14 })))
}

/** mergecap's rule, as its source has it: the earliest next frame, the last file on a tie. */
function mergedByRule(lists: readonly (readonly Frame[])[]): number[] {
  const rest = lists.map((frames) => [...frames])
  const ids: number[] = []
  for (;;) {
    let earliest: Frame[] | null = null
    for (const frames of rest) {
      if (frames.length > 0 && (earliest === null || frames[0]!.time <= earliest[0]!.time)) earliest = frames
    }
    if (earliest === null) return ids
    ids.push(earliest.shift()!.id)
  }
}

interface Merged {
  readonly ids: readonly number[]
  readonly mostOpen: number
  readonly ended: number
}

async function merged(
  captures: readonly Uint8Array[],
  { limit, repeatable = true }: { limit?: number; repeatable?: boolean } = {},
): Promise<Merged> {
  const parser = createParser()
  const inputs: Input[] = captures.map((bytes, i) => ({
    name: String(i),
    repeatable,
    size: bytes.length,
    open: async () => memorySource(bytes),
  }))
  const open = new Set<CaptureStream>()
  const result = { ids: [] as number[], mostOpen: 0, ended: 0 }
  const events = {
    opened(stream: CaptureStream) {
      open.add(stream)
      result.mostOpen = Math.max(result.mostOpen, open.size)
    },
    ended(stream: CaptureStream) {
      expect(open.delete(stream)).toBe(true)
      result.ended++
    },
    unavailable(error: Error) {
      throw error
    },
  }
  for await (const { batch, start, end } of mergeInputs(
    parser,
    await planInputs(loadCaptureModule(), inputs),
    events,
    limit,
  )) {
    expect(end).toBeGreaterThan(start)
    for (let i = start; i < end; i++) result.ids.push(batch.origlen[i]! - 14)
  }
  expect(open.size).toBe(0)
  return result
}

describe('mergeInputs', () => {
  test('any captures, ties and steps back in time among them, come in the order of the rule', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.boolean(), async (lists, repeatable) => {
        const { ids, ended } = await merged(lists.map(captureOf), { repeatable })
        expect(ids).toEqual(mergedByRule(lists))
        expect(ended).toBe(lists.length)
      }),
      { numRuns: 200 },
    )
  })

  test('a limit cuts that order short', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 20 }), async (lists, limit) => {
        const { ids } = await merged(lists.map(captureOf), { limit })
        expect(ids).toEqual(mergedByRule(lists).slice(0, limit))
      }),
      { numRuns: 100 },
    )
  })

  const missing = missingTools('mergecap')
  if (missing !== null) console.log(`merge-inputs.test: the witness is skipped, ${missing}`)

  test.skipIf(missing !== null)('the rule is that of mergecap', async () => {
    const folder = temporaryFolder()
    for (const lists of fc.sample(files, { numRuns: 8, seed: 1 })) {
      const names = lists.map((frames, i) => writeFile(folder, `${i}.pcap`, captureOf(frames)))
      execFileSync('mergecap', ['-F', 'pcap', '-w', join(folder, 'merged.pcap'), ...names])
      const { frames } = await readCapture(readFileSync(join(folder, 'merged.pcap')))
      expect(frames.map(({ origlen }) => origlen - 14)).toEqual(mergedByRule(lists))
    }
  })

  test('files that follow each other are open one at a time', async () => {
    const days = Array.from({ length: 50 }, (_, day) =>
      captureOf([0, 1, 2].map((i) => ({ time: 10 * day + i, id: day }))),
    )
    expect(await merged(days)).toMatchObject({ mostOpen: 1, ended: 50 })
    expect(await merged([...days].reverse())).toMatchObject({ mostOpen: 1, ended: 50 })
  })

  test('frames without a time come at once', async () => {
    const blocks = pcapng()
    const timeless = Buffer.concat([
      blocks.section(),
      blocks.interface({ snaplen: 14 }),
      blocks.simplePacket({ data: new Uint8Array(14), origlen: 14 + 99 }),
      blocks.packet({ ticks: 3_000_000n, data: new Uint8Array(14), origlen: 14 + 98 }),
    ])
    const { ids } = await merged([
      captureOf([
        { time: 1, id: 1 },
        { time: 4, id: 2 },
      ]),
      timeless,
    ])
    expect(ids).toEqual([99, 1, 98, 2])
  })

  test('what cannot be opened is told, and the others go on; other errors are not hidden', async () => {
    const failing = (error: Error): Input => ({
      name: 'x',
      repeatable: true,
      size: 1,
      open: () => Promise.reject(error),
    })
    const good: Input = { ...failing(new Error()), open: async () => memorySource(captureOf([{ time: 0, id: 1 }])) }
    const run = async (error: Error) => {
      const told: string[] = []
      const events = { opened() {}, ended() {}, unavailable: ({ message }: Error) => void told.push(message) }
      let frames = 0
      const planned = await planInputs(loadCaptureModule(), [failing(error), good])
      for await (const run of mergeInputs(createParser(), planned, events)) frames += run.end - run.start
      return { told, frames }
    }
    expect(await run(new SourceUnavailable('cannot open x'))).toEqual({ told: ['cannot open x'], frames: 1 })
    await expect(run(new TypeError('a bug'))).rejects.toThrow('a bug')
  })
})
