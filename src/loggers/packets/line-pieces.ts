/** Frames → lines in pieces, for the formats that have one line a frame. */
import type { StreamBatch } from '../../capture/frame-batch.ts'
import type { LineBuffer } from '../line-buffer.ts'
import { FLOWS_AT_ONCE, type FlowTexts } from './flow-texts.ts'
import type { PacketPiece } from './packet-format.ts'

/**
 * Frames [start, end) of a batch in pieces that end with the line that makes them `most` bytes long or longer. `writeLine` is also
 * told where in `flows` the texts of the frame's flow are.
 */
export function* linePieces(
  out: LineBuffer,
  flows: FlowTexts,
  batch: StreamBatch,
  [start, end]: readonly [number, number],
  most: number,
  writeLine: (i: number, flow: number) => void,
): Generator<PacketPiece> {
  let from = start
  for (let block = start; block < end; block += FLOWS_AT_ONCE) {
    const blockEnd = Math.min(end, block + FLOWS_AT_ONCE)
    const found = flows.find(batch.flow, block, blockEnd)
    for (let i = block; i < blockEnd; i++) {
      writeLine(i, found[i - block]!)
      if (out.length < most && i + 1 < end) continue
      yield { bytes: out.take(), frames: i + 1 - from }
      from = i + 1
    }
  }
}
