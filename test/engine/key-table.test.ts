import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { KeyTable } from '../../src/engine/key-table.ts'

it('gives equal keys one id and different keys different ones, dense, whatever the seed', () => {
  const anyKey = fc.uint8Array({ maxLength: 3 })
  fc.assert(
    fc.property(fc.array(anyKey, { maxLength: 200 }), fc.nat(0xffffffff), (keys, seed) => {
      const table = new KeyTable(seed)
      const known = new Map<string, number>()
      for (const key of keys) {
        const text = key.join()
        if (!known.has(text)) known.set(text, known.size)
        // Longer than the key: only its first bytes count.
        const padded = new Uint8Array(8).fill(255)
        padded.set(key)
        expect(table.idOf(padded, key.length)).toBe(known.get(text))
      }
      expect(table.size).toBe(known.size)
    }),
  )
})

it('grows', () => {
  const table = new KeyTable()
  const key = new Uint8Array(40)
  const view = new DataView(key.buffer)
  for (const _round of [1, 2]) {
    for (let i = 0; i < 50_000; i++) {
      view.setUint32(0, i * 65536)
      if (table.idOf(key, 40) !== i) throw new Error(`key ${i} has another id`)
    }
  }
  expect(table.size).toBe(50_000)
})
