import { describe, expect, test } from 'vitest'
import { NO_NAME, NOT_YET } from '../../src/sightings/name-text.ts'
import { mayBeTlsStart, readTlsStart } from '../../src/sightings/tls-records.ts'
import { clientHello, tlsRecords } from './payloads.ts'

const hello = clientHello({ name: 'www.example.com', keyShareLength: 1216, isNameLast: true })

describe('readTlsStart', () => {
  test.each([1 << 14, 1000, 100, 7, 1])('a hello in records of at most %i bytes', (size) => {
    expect(readTlsStart(tlsRecords(hello, size))).toBe('www.example.com')
  })

  test('waits at every byte before the last of the name', () => {
    const records = tlsRecords(hello, 100)
    for (let length = 0; length < records.length - 1; length++) {
      expect(readTlsStart(records.subarray(0, length))).toBe(NOT_YET)
    }
  })

  test('another record inside a hello ends it', () => {
    const records = tlsRecords(hello, 100)
    records[105] = 23
    expect(readTlsStart(records)).toBe(NO_NAME)
  })

  test('records that are empty, or longer than may be', () => {
    expect(readTlsStart(Uint8Array.of(22, 3, 1, 0, 0, 22, 3, 1, 0, 1, 1))).toBe(NO_NAME)
    expect(readTlsStart(Uint8Array.of(22, 3, 1, 0x40, 1, 1))).toBe(NO_NAME)
  })
})

describe('mayBeTlsStart', () => {
  test('any beginning of a hello', () => {
    const records = tlsRecords(hello)
    for (let length = 1; length < 20; length++) expect(mayBeTlsStart(records.subarray(0, length))).toBe(true)
  })

  test.each([
    ['nothing', []],
    ['an alert', [21, 3, 1, 0, 2, 1]],
    ['data', [23, 3, 3, 0, 100, 1]],
    ['a server hello', [22, 3, 3, 0, 100, 2]],
    ['another version', [22, 4, 0, 0, 100, 1]],
    ['SSH', [...Buffer.from('SSH-2.0-x')]],
  ])('%s is none', (_, bytes) => expect(mayBeTlsStart(Uint8Array.from(bytes))).toBe(false))
})
