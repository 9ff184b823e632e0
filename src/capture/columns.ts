/** Views over the columns that a reader fills (src/abi/layout.ts), made anew whenever the module's memory has grown. */
import * as layout from '../abi/layout.ts'
import type { StreamBatch } from './frame-batch.ts'

const FRAMES = layout.BATCH_FRAMES

export function viewColumns(buffer: ArrayBuffer, at: number): StreamBatch & { count: number } {
  const words = (offset: number) => new Uint32Array(buffer, at + offset, FRAMES)
  return {
    count: 0,
    columns: at,
    time: new Uint32Array(buffer, at + layout.COLUMN_TIME, 2 * FRAMES),
    flow: words(layout.COLUMN_FLOW),
    length: words(layout.COLUMN_LENGTH),
    origlen: words(layout.COLUMN_ORIGLEN),
    caplen: words(layout.COLUMN_CAPLEN),
    interface: words(layout.COLUMN_INTERFACE),
    data: words(layout.COLUMN_DATA),
    stop: new Uint8Array(buffer, at + layout.COLUMN_STOP, FRAMES),
    memory: new Uint8Array(buffer),
  }
}
