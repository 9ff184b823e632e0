import { expect, test } from 'vitest'
import { useBytes } from '../../../src/decoders/bytes.ts'
import {
  readBytes,
  readIpv4,
  readIpv6,
  readMac,
  readOctets,
  readUnsigned32,
  readUpper24,
} from '../../../src/decoders/headers/read-bytes.ts'
import { hex } from '../../support/build-frame.ts'

test('numbers are unsigned', () => {
  useBytes(hex('fedcba98'))
  expect(readUnsigned32(0)).toBe(0xfedcba98)
  expect(readUpper24(0)).toBe(0xfedcba)
})

test('bytes are copied; an end in front of the start gives none', () => {
  const bytes = hex('00010203')
  useBytes(bytes)
  const copy = readBytes(1, 3)
  bytes.fill(0xff)
  expect(copy).toEqual(hex('0102'))
  expect(readBytes(3, 1)).toEqual(hex(''))
})

test('addresses', () => {
  useBytes(hex('20010db8000000000000000000000001'))
  expect(readIpv4(0)).toBe('32.1.13.184')
  expect(readIpv6(0)).toBe('2001:db8::1')
  expect(readMac(0)).toBe('20:01:0d:b8:00:00')
  // Four bytes of a link-layer address are no IPv4 address.
  expect(readOctets(0, 4)).toBe('20:01:0d:b8')
  expect(readOctets(0, 0)).toBe('')
})
