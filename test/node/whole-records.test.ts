import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WholeRecords } from '../../src/node/whole-records.ts'
import { capturesFolder } from '../support/captures.ts'

const captures = [
  'office.pcap',
  'office.pcapng',
  'pcap-modified.pcap',
  'pcap-ns-big-endian.pcap',
  'pcapng-two-sections.pcapng',
  'pcapng-other-blocks.pcapng',
  'no-frames.pcap',
]

describe.each(captures)('%s', (name) => {
  const bytes = readFileSync(capturesFolder + name)

  test('is whole', () => {
    const records = new WholeRecords()
    expect(records.walk(bytes)).toBe(bytes.length)
    expect(records.format).toBe(name.endsWith('ng') ? 'pcapng' : 'pcap')
  })

  test('in pieces: the same ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 5000 }), (step) => {
        const records = new WholeRecords()
        let whole = 0
        for (let end = 0; end < bytes.length; ) {
          end = Math.min(bytes.length, end + step)
          whole += records.walk(bytes.subarray(whole, end))
          if (whole > end) throw new Error('more than there is')
        }
        expect(whole).toBe(bytes.length)
      }),
      { numRuns: 20 },
    )
  })
})

test('any bytes: an answer within them', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 0xa1b2c3d4, 0x34cdb2a1, 0x0a0d0d0a),
      fc.uint8Array({ maxLength: 200 }),
      (magic, noise) => {
        const start = new Uint8Array(4)
        new DataView(start.buffer).setUint32(0, magic)
        const bytes = Uint8Array.from([...start, ...noise])
        const whole = new WholeRecords().walk(bytes)
        expect(whole).toBeGreaterThanOrEqual(0)
        expect(whole).toBeLessThanOrEqual(bytes.length)
      },
    ),
  )
})

test('what has a length that cannot be passes whole, for the parser to judge', () => {
  const bytes = Buffer.concat([readFileSync(`${capturesFolder}no-frames.pcap`), Buffer.alloc(16, 0xff)])
  const records = new WholeRecords()
  expect([records.walk(bytes), records.format]).toEqual([bytes.length, 'unknown'])
})
