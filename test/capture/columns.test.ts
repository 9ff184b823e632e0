import { expect, test } from 'vitest'
import * as layout from '../../src/abi/layout.ts'
import { viewColumns } from '../../src/capture/columns.ts'

test('the views share no byte, and leave none out but those of protocols and IP lengths, which only the module reads', () => {
  const AT = 64
  const buffer = new ArrayBuffer(AT + layout.COLUMNS_LENGTH + 64)
  const { count, memory, columns: at, ...columns } = viewColumns(buffer, AT)
  expect([count, memory.byteLength, at]).toEqual([0, buffer.byteLength, AT])
  for (const column of Object.values(columns) as (Uint32Array | Uint8Array)[]) {
    expect(column.length % layout.BATCH_FRAMES).toBe(0)
    new Uint8Array(buffer, column.byteOffset, column.byteLength).forEach((uses, i, bytes) => {
      bytes[i] = uses + 1
    })
  }
  const uses = [...new Uint8Array(buffer)]
  const ofProtocols = layout.COLUMN_STOP - layout.COLUMN_PROTOCOL
  expect(ofProtocols).toBe(4 * layout.BATCH_FRAMES)
  const ofIpLengths = layout.COLUMNS_LENGTH - layout.COLUMN_IP_LENGTH
  expect(ofIpLengths).toBe(4 * layout.BATCH_FRAMES)
  const viewed = layout.COLUMN_IP_LENGTH - layout.COLUMN_STOP
  const runs = [AT, layout.COLUMN_PROTOCOL, ofProtocols, viewed, ofIpLengths + 64]
  expect(uses).toEqual(runs.flatMap((length, i) => new Array<number>(length).fill(i % 2)))
})
