import { expect, test } from 'vitest'
import type { StreamBatch } from '../../src/capture/frame-batch.ts'
import { STOP_MALFORMED, STOP_NONE, STOP_TRUNCATED, STOP_UNSUPPORTED } from '../../src/decoders/frame.ts'
import { FrameTally } from '../../src/pipeline/frame-tally.ts'
import { frameBatch } from '../support/frames.ts'

function batch(frames: readonly (readonly [interfaceId: number, length: number, stop: number])[]): StreamBatch {
  return {
    ...frameBatch(frames.map(([, length]) => ({ flow: 0, length, time: 0n }))),
    interface: Uint32Array.from(frames, ([id]) => id),
    stop: Uint8Array.from(frames, ([, , stop]) => stop),
    data: new Uint32Array(frames.length),
    memory: new Uint8Array(0),
  }
}

test('counts frames and bytes of each interface, of the run only', () => {
  const tally = new FrameTally()
  const frames = batch([
    [0, 1000, STOP_NONE],
    [1, 60, STOP_TRUNCATED],
    [1, 61, STOP_MALFORMED],
    [0, 0xffffffff, STOP_UNSUPPORTED],
    [0, 7, STOP_UNSUPPORTED],
  ])
  tally.add({ batch: frames, start: 1, end: 4 })
  expect([tally.of(0), tally.of(1), tally.of(2)]).toEqual([
    { packets: 1, bytes: 0xffffffff },
    { packets: 2, bytes: 121 },
    { packets: 0, bytes: 0 },
  ])
  expect([STOP_TRUNCATED, STOP_MALFORMED, STOP_UNSUPPORTED].map((reason) => tally.stopped(reason))).toEqual([1, 1, 1])
  tally.add({ batch: frames, start: 0, end: 5 })
  expect(tally.of(0)).toEqual({ packets: 4, bytes: 1007 + 2 * 0xffffffff })
})

test('holds as many interfaces as the module does', () => {
  const tally = new FrameTally()
  const ids = [0, 15, 16, 17, 1000, 65535]
  tally.add({ batch: batch(ids.map((id) => [id, id + 1, STOP_NONE])), start: 0, end: ids.length })
  for (const id of ids) expect(tally.of(id)).toEqual({ packets: 1, bytes: id + 1 })
  expect(tally.of(18)).toEqual({ packets: 0, bytes: 0 })
})
