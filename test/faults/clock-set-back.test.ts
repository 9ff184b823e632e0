/** The clock of the machine is set back and forth under a running `live`. */
import { expect, test } from 'vitest'
import type { Source } from '../../src/capture/source.ts'
import { parseBy } from '../../src/engine/by.ts'
import type { CaptureRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { watch } from '../../src/pipeline/watch.ts'
import { seeded } from '../node/fixtures.ts'
import { pcapHeader, pcapRecord } from '../support/build-capture.ts'
import { createFakeTime } from '../support/fake-time.ts'
import { udpFrame } from '../support/udp-frame.ts'

const START_NS = 1_700_000_000n * 1_000_000_000n
const NS_PER_MS = 1_000_000n
const FRAME = udpFrame({ payload: new Uint8Array(58) })

/** A running capture on a clock that a test sets. */
function startWatching() {
  const time = createFakeTime(START_NS)
  let offsetMs = 0
  const now = () => time.now() + BigInt(offsetMs) * NS_PER_MS
  let waiting: Buffer = pcapHeader({ form: 'nanoseconds' })
  let ended = false
  let wake = () => {}
  const source: Source = {
    name: 'va',
    size: null,
    compression: null,
    position: 0,
    async read(into) {
      while (waiting.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const part = waiting.subarray(0, into.length)
      into.set(part)
      waiting = waiting.subarray(part.length)
      return part.length
    },
    close: async () => {},
  }
  const starts: number[] = []
  let packets = 0
  const read = async () => {
    let capture: CaptureRecord | null = null
    const second = 1_000_000_000n
    const options = { windowNs: second, stepNs: second, lagMs: 300, localClock: true, now, pause: time.pause }
    const names = createEndpointNamer()
    for await (const record of watch(
      loadCaptureModule(),
      source,
      { grouping: parseBy('pair'), names, ...options },
      [],
    )) {
      if (record.type === 'capture') capture = record
      else {
        starts.push(Number(record.startNs! - START_NS) / 1e9)
        if (record.type === 'span') packets += record.total.packets
      }
    }
    return capture!
  }
  const end = read()
  return {
    time,
    starts,
    packets: () => packets,
    setClock(byMs: number) {
      offsetMs += byMs
    },
    /** A frame that the capture tool stamps now. */
    frame() {
      const ns = now()
      const seconds = Number(ns / 1_000_000_000n)
      const record = pcapRecord(
        { seconds, fraction: Number(ns % 1_000_000_000n), data: FRAME },
        { form: 'nanoseconds' },
      )
      waiting = Buffer.concat([waiting, record])
      wake()
    },
    async finish() {
      ended = true
      wake()
      await time.advance(100)
      return end
    },
  }
}

test('back by ten seconds: no window comes twice, no frame is lost', async () => {
  const { time, starts, packets, frame, setClock, finish } = startWatching()
  for (let i = 0; i < 30; i++) {
    if (i === 10) setClock(-10_000)
    frame()
    await time.advance(500)
  }
  const capture = await finish()
  expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b))
  const { shown, late } = capture.accounting
  expect([capture.frames, shown.packets + late.packets, packets()]).toEqual([30, 30, shown.packets])
  expect(late.packets).toBeGreaterThan(0)
})

test('forward by an hour: the silence is told, and it goes on', async () => {
  const { time, starts, frame, setClock, finish } = startWatching()
  for (let i = 0; i < 12; i++) {
    if (i === 6) setClock(3_600_000)
    frame()
    await time.advance(500)
  }
  const capture = await finish()
  expect([capture.frames, capture.accounting.shown.packets + capture.accounting.late.packets]).toEqual([12, 12])
  expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b))
  expect(starts.at(-1)).toBeGreaterThan(3600)
})

test('set at random, again and again: every frame is in one window or late', async () => {
  const random = seeded(7)
  for (let run = 0; run < 5; run++) {
    const { time, starts, packets, frame, setClock, finish } = startWatching()
    for (let i = 0; i < 60; i++) {
      if (random() < 0.1) setClock(Math.round((random() - 0.5) * 20_000))
      frame()
      await time.advance(200)
    }
    const capture = await finish()
    const { shown, late } = capture.accounting
    expect([capture.frames, shown.packets + late.packets, packets()]).toEqual([60, 60, shown.packets])
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b))
  }
})
