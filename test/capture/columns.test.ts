import { expect, test } from 'vitest'
import * as layout from '../../src/abi/layout.ts'
import { viewColumns } from '../../src/capture/columns.ts'

test('the views fill the columns without a gap and without sharing a byte', () => {
  const AT = 64
  const buffer = new ArrayBuffer(AT + layout.COLUMNS_LENGTH + 64)
  const { count, memory, ...columns } = viewColumns(buffer, AT)
  expect([count, memory.byteLength]).toEqual([0, buffer.byteLength])
  for (const column of Object.values(columns) as (Uint32Array | Uint8Array)[]) {
    expect(column.length % layout.BATCH_FRAMES).toBe(0)
    new Uint8Array(buffer, column.byteOffset, column.byteLength).forEach((uses, i, bytes) => {
      bytes[i] = uses + 1
    })
  }
  const uses = new Uint8Array(buffer)
  expect(uses.subarray(0, AT).every((use) => use === 0)).toBe(true)
  expect(uses.subarray(AT, AT + layout.COLUMNS_LENGTH).every((use) => use === 1)).toBe(true)
  expect(uses.subarray(AT + layout.COLUMNS_LENGTH).every((use) => use === 0)).toBe(true)
})
