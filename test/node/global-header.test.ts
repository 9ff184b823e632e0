import { expect, test } from 'vitest'
import { readGlobalHeader } from '../../src/node/global-header.ts'
import { pcapHeader, pcapng } from '../support/build-capture.ts'
import { readCapture } from '../support/read-capture.ts'

test('a pcap header as Wireshark wrote it', () => {
  // Of http.cap in the Wireshark wiki's sample captures.
  const bytes = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')
  expect(readGlobalHeader(bytes, undefined)).toEqual({
    magicNumber: 2712847316,
    majorVersion: 2,
    minorVersion: 4,
    gmtOffset: 0,
    timestampAccuracy: 0,
    snapshotLength: 65535,
    linkLayerType: 1,
  })
})

test.each(['little', 'big'] as const)('every form of pcap, byte order %s', (order) => {
  const magicOf = (form: 'microseconds' | 'nanoseconds' | 'modified') =>
    readGlobalHeader(pcapHeader({ form, order, version: [2, 3], snaplen: 9, linktype: 0x10000065 }), undefined)
  const rest = { majorVersion: 2, minorVersion: 3, snapshotLength: 9, linkLayerType: 0x10000065 }
  expect(magicOf('microseconds')).toMatchObject({ magicNumber: 0xa1b2c3d4, ...rest })
  expect(magicOf('nanoseconds')).toMatchObject({ magicNumber: 0xa1b23c4d, ...rest })
  expect(magicOf('modified')).toMatchObject({ magicNumber: 0xa1b2cd34, ...rest })
})

test.each(['little', 'big'] as const)('pcapng, byte order %s: the first interface fills in', async (order) => {
  const blocks = pcapng(order)
  const bytes = Buffer.concat([blocks.section([1, 2]), blocks.interface({ linktype: 276, snaplen: 262144 })])
  const { interfaces } = await readCapture(bytes)
  expect(readGlobalHeader(bytes, interfaces[0])).toEqual({
    magicNumber: 0x0a0d0d0a,
    majorVersion: 1,
    minorVersion: 2,
    gmtOffset: 0,
    timestampAccuracy: 0,
    snapshotLength: 262144,
    linkLayerType: 276,
  })
})
