import { expect, test } from 'vitest'
import type { StreamBatch } from '../../../src/capture/frame-batch.ts'
import { fixedText, LineBuffer } from '../../../src/loggers/line-buffer.ts'
import { FLOWS_AT_ONCE, FlowTexts } from '../../../src/loggers/packets/flow-texts.ts'
import { linePieces } from '../../../src/loggers/packets/line-pieces.ts'
import { table } from './flow-table.ts'

/** Frame `i` is of flow 7 * i, and its line is that flow's protocol, which is its id. */
function pieces(start: number, end: number, most: number): [string, number][] {
  const out = new LineBuffer()
  const flows = new FlowTexts(
    table,
    (out, { protocol }) => out.number(protocol),
    () => {},
  )
  const batch = { flow: Uint32Array.from({ length: end }, (_, i) => 7 * i) } as unknown as StreamBatch
  const list = linePieces(out, flows, batch, [start, end], most, (_i, flow) => {
    flows.writeBefore(out, flow)
    out.text(fixedText('\n'))
  })
  return [...list].map(({ bytes, frames }) => [Buffer.from(bytes).toString(), frames])
}

test('end with a line, and with the last', () => {
  expect(pieces(0, 5, 4)).toEqual([
    ['0\n7\n', 2],
    ['14\n21\n', 2],
    ['28\n', 1],
  ])
  expect(pieces(1, 5, 5)).toHaveLength(2)
  expect(pieces(0, 0, 4)).toEqual([])
})

test('a line that is longer by itself is a piece', () => {
  expect(pieces(0, 2, 1)).toEqual([
    ['0\n', 1],
    ['7\n', 1],
  ])
})

test('more frames than are looked up at once', () => {
  const count = 3 * FLOWS_AT_ONCE + 5
  const list = pieces(3, count, 100)
  expect(list.map(([text]) => text).join('')).toBe(
    Array.from({ length: count - 3 }, (_, i) => `${7 * (i + 3)}\n`).join(''),
  )
  expect(list.reduce((sum, [, frames]) => sum + frames, 0)).toBe(count - 3)
})
