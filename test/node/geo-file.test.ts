import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_FACTS } from '../../src/names/geo.ts'
import { GeoFileError, openGeoFile } from '../../src/node/geo-file.ts'
import { control, mmdb } from '../support/mmdb.ts'
import { missingTools, output } from '../support/tools.ts'
import { temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()

function write(bytes: Uint8Array, name = 'some.mmdb'): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const NETWORKS = {
  '192.0.2.0/24': { country: { iso_code: 'SE', names: { en: 'Sweden' } } },
  '198.51.100.128/25': { country: { iso_code: 'NL' } },
  '2001:db8::/32': { country: { iso_code: 'NO' } },
}
const ASNS = { '192.0.2.0/24': { autonomous_system_number: 64496, autonomous_system_organization: 'Example AS' } }

describe('an MMDB file', () => {
  const file = write(mmdb(NETWORKS, { type: 'GeoLite2-Country' }), 'country.mmdb')

  test.each([
    ['192.0.2.77', 'SE'],
    ['198.51.100.200', 'NL'],
    ['198.51.100.1', null],
    ['2001:db8:1::1', 'NO'],
    ['2001:db9::1', null],
    ['10.0.0.1', null],
  ])('%s: %s', (address, country) => {
    expect(openGeoFile(file).lookup(address)).toEqual({ ...NO_FACTS, country })
  })

  test.skipIf(missingTools('mmdbresolve') !== null)("is one to libmaxminddb too (Wireshark's mmdbresolve)", () => {
    const text = output('sh', ['-c', `printf '192.0.2.77\\n2001:db8:1::1\\n' | mmdbresolve -f '${file}'; true`])
    expect(text.match(/country\.iso_code: (\S+)/g)).toEqual(['country.iso_code: SE', 'country.iso_code: NO'])
  })

  test('what it can know, by its type', () => {
    const fieldsOf = (type: string) => openGeoFile(write(mmdb(ASNS, { type }))).fields
    expect(fieldsOf('GeoLite2-City')).toEqual(['country'])
    expect(fieldsOf('DBIP-ASN-Lite (compat=GeoLite2-ASN)')).toEqual(['asn', 'asName'])
    expect(fieldsOf('ipinfo generic_lite.mmdb')).toEqual(['country', 'asn', 'asName'])
  })

  test('an address that is asked for twice has one answer', () => {
    const database = openGeoFile(write(mmdb(ASNS)))
    expect(database.lookup('192.0.2.1')).toEqual({ country: null, asn: 64496, asName: 'Example AS' })
    expect(database.lookup('192.0.2.1')).toBe(database.lookup('192.0.2.1'))
  })

  test('a tree of IPv4 knows no IPv6', () => {
    const database = openGeoFile(write(mmdb(ASNS, { metadata: { ip_version: 4 } })))
    expect(database.lookup('2001:db8::1')).toEqual(NO_FACTS)
  })
})

describe('what is none', () => {
  const sound = mmdb(NETWORKS, { type: 'GeoLite2-Country' })

  test.each<[string, () => string, RegExp]>([
    ['no file', () => join(folder, 'none.mmdb'), /none\.mmdb: no such file$/],
    ['a folder', () => folder, /: it is a folder$/],
    ['an empty file', () => write(Buffer.alloc(0)), /: not an MMDB file: it has no metadata$/],
    ['some other file', () => write(Buffer.alloc(100_000, 'nothing of the kind ')), /: not an MMDB file/],
    [
      'its metadata alone',
      () => write(sound.subarray(sound.lastIndexOf('\xab\xcd\xef', undefined, 'latin1'))),
      /: damaged MMDB file: a tree of \d+ bytes in a file of \d+$/,
    ],
    ['without its end', () => write(sound.subarray(0, -40)), /: damaged MMDB file: /],
    [
      'of another version',
      () => write(mmdb(NETWORKS, { metadata: { binary_format_major_version: 3 } })),
      /: damaged MMDB file: format version 3, 2 is known$/,
    ],
    [
      'of another IP',
      () => write(mmdb(NETWORKS, { metadata: { ip_version: 5 } })),
      /: damaged MMDB file: IP version 5$/,
    ],
    [
      'with records of 23 bits',
      () => write(mmdb(NETWORKS, { metadata: { record_size: 23 } })),
      /: damaged MMDB file: /,
    ],
    [
      'with more nodes than bytes',
      () => write(mmdb(NETWORKS, { metadata: { node_count: 4e9 } })),
      /: damaged MMDB file: a tree of/,
    ],
  ])('%s', (_name, path, message) => {
    expect(() => openGeoFile(path())).toThrow(GeoFileError)
    expect(() => openGeoFile(path())).toThrow(message)
  })

  /** Nothing but our own error, and soon. */
  function probe(bytes: Uint8Array): void {
    try {
      const database = openGeoFile(write(bytes))
      for (const address of ['192.0.2.1', '198.51.100.200', '2001:db8::1', '255.255.255.255']) database.lookup(address)
    } catch (error) {
      expect(error).toBeInstanceOf(GeoFileError)
      expect((error as Error).message).not.toMatch(/\n|offset/)
    }
  }

  test('cut anywhere', () => {
    for (let length = 0; length < sound.length; length += 7) probe(sound.subarray(0, length))
  })

  test('any byte another one', () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(sound)
        bytes[at] = byte
        probe(bytes)
      }),
    )
  })

  test('any bytes before good metadata', () => {
    const metadata = sound.subarray(sound.lastIndexOf('\xab\xcd\xef', undefined, 'latin1'))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 300, maxLength: 900 }), (bytes) =>
        probe(Buffer.concat([bytes, metadata])),
      ),
    )
  })

  test.each([
    // A pointer (type 1) to itself; an array whose elements are the array; arrays in arrays without an end; each of which is ten others.
    ['a pointer to itself', Buffer.from([0x20, 0x00])],
    ['a circle of records', Buffer.concat([control(11, 2), Buffer.from([0x20, 0x00, 0x20, 0x00])])],
    ['nesting without an end', Buffer.concat(Array.from({ length: 500_000 }, () => control(11, 1)))],
    [
      'ten times ten times ten and so on',
      Buffer.concat(Array.from({ length: 60 }, (_, level) => tenPointers(level + 1))),
    ],
    ['an array of millions', Buffer.from([0x1f, 0x04, 0xff, 0xff, 0xff])],
  ])('%s ends', (_name, data) => {
    const path = write(mmdb({ '192.0.2.0/24': data }))
    const started = performance.now()
    expect(() => openGeoFile(path).lookup('192.0.2.1')).toThrow(
      /: damaged MMDB file: (its parts|a record follows too many)/,
    )
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

/** An array of ten pointers to the array behind it. */
function tenPointers(next: number): Buffer {
  const at = next * 22
  return Buffer.concat([
    control(11, 10),
    ...Array.from({ length: 10 }, () => Buffer.from([0x20 | (at >> 8), at & 0xff])),
  ])
}
