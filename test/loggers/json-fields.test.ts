import fc from 'fast-check'
import { expect, test } from 'vitest'
import { captureObject, createRowFields, exactInteger, jsonNs, otherFields } from '../../src/loggers/json-fields.ts'
import { analysis, capture, counts, PAIR_COLUMNS, row } from './records.ts'

test('integers are numbers as long as every reader gets them exactly', () => {
  expect(exactInteger(2 ** 53 - 1)).toBe(9_007_199_254_740_991)
  expect(exactInteger(2 ** 53)).toBe('9007199254740992')
  expect([jsonNs(-1n), jsonNs(null)]).toEqual(['"-1"', 'null'])
})

test('whatever the names hold, the row reads back', () => {
  const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null))
  fc.assert(
    fc.property(name, name, fc.maxSafeNat(), fc.maxSafeNat(), (from, to, packets, bytes) => {
      const fields = createRowFields(analysis())(row(['a', from, 'b', to, 'TCP', 6], packets, bytes, null))
      const read = JSON.parse(`{${fields}}`)
      expect(Object.keys(read)).toEqual([...PAIR_COLUMNS, 'packets', 'bytes', 'bits_per_second'])
      expect(read).toMatchObject({
        src_name: from,
        dst_name: to,
        protocol_number: 6,
        packets,
        bytes,
        bits_per_second: null,
      })
    }),
  )
})

test('what was not sent was received', () => {
  const host = analysis({ columns: ['host'], bidirectional: true })
  const fields = createRowFields(host)(row(['10.0.0.1'], 5, 1000, 1600, counts(4, 250)))
  expect(fields).toBe(
    '"host":"10.0.0.1","packets":5,"bytes":1000,"bits_per_second":1600,' +
      '"sent_packets":4,"sent_bytes":250,"received_packets":1,"received_bytes":750',
  )
})

test('the remainder says how many rows it stands for', () => {
  expect(JSON.parse(`{${otherFields({ rows: 12, packets: 100, bytes: 2 ** 60, bitsPerSecond: 8.5 })}}`)).toEqual({
    other: true,
    rows: 12,
    packets: 100,
    bytes: '1152921504606846976',
    bits_per_second: 8.5,
  })
})

test('the capture has every fact, in base units, under the promised names', () => {
  expect(captureObject(capture({ bytes: 2 ** 53 }))).toEqual({
    files: ['office.pcapng'],
    format: 'pcapng (gzip)',
    linktypes: [{ number: 1, name: 'ETHERNET', packets: 1640, bytes: 2_507_000 }],
    interfaces: [{ name: 'eth0', linktype: 1, snaplen: 262_144, received: 1700, dropped: 60 }],
    frames: 1640,
    bytes: '9007199254740992',
    kept: { packets: 1640, bytes: 2_507_000 },
    captured_bytes: 2_400_000,
    first_ns: '1762164005000000000',
    last_ns: '1762164010000000000',
    truncated: 2,
    malformed: 1,
    unsupported: 0,
    protocols: [
      { name: 'TCP', packets: 1600, bytes: 2_450_000 },
      { name: 'UDP', packets: 39, bytes: 56_940 },
      { name: 'ARP', packets: 1, bytes: 60 },
    ],
    accounting: {
      whole: { packets: 1640, bytes: 2_507_000 },
      shown: { packets: 1635, bytes: 2_506_426 },
      filtered: { packets: 5, bytes: 574 },
      undecoded: { packets: 0, bytes: 0 },
      evicted: { packets: 0, bytes: 0 },
      late: { packets: 0, bytes: 0 },
      untimed: { packets: 0, bytes: 0 },
      unreadable_bytes: 0,
      basis: 'frame',
      dropped: null,
      snaplen_cut: 0,
      linktypes: ['ETHERNET'],
    },
    damage: [{ file: 'office.pcapng', kind: 'cut', message: 'the file ends within a packet block at byte 123456' }],
    salvage: null,
  })
})
