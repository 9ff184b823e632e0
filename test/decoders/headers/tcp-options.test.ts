import { describe, expect, test } from 'vitest'
import { useBytes } from '../../../src/decoders/bytes.ts'
import { readTcpOptions } from '../../../src/decoders/headers/tcp-options.ts'
import { hex } from '../../support/build-frame.ts'

function read(digits: string) {
  const bytes = hex(digits)
  useBytes(bytes)
  return readTcpOptions(0, bytes.length)
}

test('those of an ordinary SYN', () => {
  expect(read('020405b4 0402 080a fffffffe 00000000 01 030307')).toEqual([
    { name: 'maximum-segment-size', kind: 2, value: 1460 },
    { name: 'sack-permitted', kind: 4 },
    { name: 'timestamps', kind: 8, value: 0xfffffffe, echoReply: 0 },
    { name: 'no-operation', kind: 1 },
    { name: 'window-scale', kind: 3, shift: 7 },
  ])
})

test('SACK blocks: case 3 of RFC 2018 §7, its last answer', () => {
  // Second, fourth, sixth and eighth segment of 500 bytes dropped: 8500-9000, 7500-8000, 6500-7000 are reported.
  expect(read('051a 00002134 00002328 00001d4c 00001f40 00001964 00001b58 00')).toEqual([
    {
      name: 'sack',
      kind: 5,
      blocks: [
        { left: 8500, right: 9000 },
        { left: 7500, right: 8000 },
        { left: 6500, right: 7000 },
      ],
    },
    { name: 'end-of-list', kind: 0 },
  ])
})

test('kinds that are not known stay bytes', () => {
  // RFC 7413: a fast open cookie.
  expect(read('220a 0102030405060708')).toEqual([
    { name: 'other', kind: 34, bytes: hex('0102030405060708'), malformed: false },
  ])
})

describe('a length that the kind cannot have', () => {
  test.each(['0203 05', '0302', '0403 00', '0502', '0509 00000000000000', '0809 00000000000000'])('%s', (digits) => {
    const bytes = hex(digits)
    expect(read(digits)).toEqual([{ name: 'other', kind: bytes[0], bytes: bytes.slice(2), malformed: false }])
  })

  test('beyond the header is malformed', () => {
    expect(read('0204 05')).toEqual([{ name: 'other', kind: 2, bytes: hex('05'), malformed: true }])
  })
})
