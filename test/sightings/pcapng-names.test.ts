import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNameResolutionBlock } from '../../src/sightings/pcapng-names.ts'
import { pcapng } from '../support/build-capture.ts'
import { concat } from '../support/build-frame.ts'
import { capturesFolder } from '../support/captures.ts'
import { addressBytes } from '../support/frames.ts'
import { namesTo } from '../support/read-names.ts'
import { missingTools, output } from '../support/tools.ts'

const missing = missingTools('tshark')
const NAME_RESOLUTION = 4

function read(bytes: Uint8Array, isBigEndian = false): string[] {
  const names: string[] = []
  readNameResolutionBlock(bytes, isBigEndian, namesTo(names))
  return names
}

function record(type: number, content: Uint8Array, isBigEndian = false): Uint8Array {
  const head = new DataView(new ArrayBuffer(4))
  head.setUint16(0, type, !isBigEndian)
  head.setUint16(2, content.length, !isBigEndian)
  return concat(new Uint8Array(head.buffer), content, new Uint8Array(-content.length & 3))
}

function body(isBigEndian: boolean): Uint8Array {
  const v4 = concat(addressBytes('192.0.2.1'), Buffer.from('desk.example\0Desk\0'))
  const v6 = concat(addressBytes('2001:db8::2'), Buffer.from('cdn.example\0'))
  // An EUI-48 with its name; the end, and options behind it.
  const eui = concat(Uint8Array.of(2, 0, 0, 0, 0, 1), Buffer.from('card\0'))
  const records = [record(1, v4, isBigEndian), record(3, eui, isBigEndian), record(2, v6, isBigEndian)]
  return concat(...records, record(0, new Uint8Array(0)), record(1, v4, isBigEndian))
}

const NAMES = ['pcapng 192.0.2.1 desk.example', 'pcapng 192.0.2.1 desk', 'pcapng 2001:db8::2 cdn.example']

describe('readNameResolutionBlock', () => {
  test.each([false, true])('big-endian: %s', (isBigEndian) =>
    expect(read(body(isBigEndian), isBigEndian)).toEqual(NAMES),
  )

  test.skipIf(missing !== null).each([false, true])('tshark reads the same block, big-endian: %s', (isBigEndian) => {
    const folder = mkdtempSync(join(tmpdir(), 'netkit-names-'))
    try {
      const blocks = pcapng(isBigEndian ? 'big' : 'little')
      const packet = blocks.packet({ data: new Uint8Array(60) })
      const names = blocks.block(NAME_RESOLUTION, body(isBigEndian))
      writeFileSync(join(folder, 'names.pcapng'), concat(blocks.section(), blocks.interface(), names, packet))
      const hosts = output('tshark', ['-q', '-z', 'hosts', '-r', join(folder, 'names.pcapng')])
      // tshark keeps one name of an address, as it is spelled.
      expect(hosts).toMatch(/^192\.0\.2\.1\t(?:desk\.example|Desk)$/m)
      expect(hosts).toMatch(/^2001:db8::2\tcdn\.example$/m)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('the block of a capture here', () => {
    const bytes = readFileSync(`${capturesFolder}pcapng-other-blocks.pcapng`)
    for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
      if (bytes.readUInt32LE(at) !== NAME_RESOLUTION) continue
      const block = bytes.subarray(at + 8, at + bytes.readUInt32LE(at + 4) - 4)
      expect(read(block)).toEqual(expect.arrayContaining(['pcapng 2001:db8:2::2 cdn.example']))
      return
    }
    expect.fail('no such block')
  })

  test('cut, or with lengths that lie: the records that are whole', () => {
    const whole = body(false)
    for (let length = 0; length < whole.length; length++) {
      expect(NAMES).toEqual(expect.arrayContaining(read(whole.subarray(0, length))))
    }
    expect(read(record(1, Uint8Array.of(1, 2)))).toEqual([])
    expect(read(record(1, addressBytes('192.0.2.1')))).toEqual([])
    expect(read(record(1, concat(addressBytes('192.0.2.1'), Buffer.from('no-zero'))))).toEqual([
      'pcapng 192.0.2.1 no-zero',
    ])
  })

  test('any bytes: no name that is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(1, 2), fc.boolean(), (content, type, isBig) => {
        for (const name of read(record(type, content, isBig), isBig)) {
          expect(name).toMatch(/^pcapng [\da-f:.]+ [!-@[-~]{1,253}$/)
        }
        read(content, isBig)
      }),
    )
  })
})
