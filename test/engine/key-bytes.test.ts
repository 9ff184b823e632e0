import { expect, it } from 'vitest'
import { KeyBytes } from '../../src/engine/key-bytes.ts'
import { addressBytes } from '../support/frames.ts'

function packed(text: string, bits: number): string {
  const key = new KeyBytes()
  key.address(addressBytes(text), bits)
  return key.bytes.subarray(0, key.length).join()
}

it('keeps the prefix of an address and its length', () => {
  expect(packed('192.168.255.255', 20)).toBe('4,192,168,240,0')
  expect(packed('192.168.255.255', 0)).toBe('4,0,0,0,0')
  expect(packed('192.168.255.255', 32)).toBe('4,192,168,255,255')
  expect(packed('0.0.0.0', 128)).not.toBe(packed('::', 128))
})

it('writes numbers whole', () => {
  const key = new KeyBytes()
  key.number(0xfedcba98)
  expect([...key.bytes.subarray(0, key.length)]).toEqual([0x98, 0xba, 0xdc, 0xfe])
  key.clear()
  expect(key.length).toBe(0)
})
