/** What stays of a frame, header by header: of rewrite-frame.ts and the files that it calls. Whole captures: test/commands/anonymize.test.ts. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Anonymizer } from '../../src/anonymize/anonymizer.ts'
import { AnonymousBatches } from '../../src/anonymize/anonymous-batch.ts'
import type { StreamBatch } from '../../src/capture/frame-batch.ts'
import { decodeFrame } from '../../src/decoders/decode-frame.ts'
import { frame as walk } from '../../src/decoders/frame.ts'
import {
  concat,
  ethernet,
  extension,
  hex,
  ipv4,
  ipv6,
  SOURCE_IPV4,
  SOURCE_IPV6,
  SOURCE_MAC,
  tcp,
  u16,
  u32,
  udp,
  vlan,
} from '../support/build-frame.ts'
import { addressBytes } from '../support/frames.ts'
import { ALL_LINKTYPES } from '../support/walk-inputs.ts'
import { REFERENCE_KEY } from './reference-vectors.ts'

const anonymizer = new Anonymizer(REFERENCE_KEY)
const hidden = (text: string) => anonymizer.address(addressBytes(text))
const SECRET = hex('5365637265742c206f66206120686f7374')

/** What is written of one frame. */
function rewritten(bytes: Uint8Array, linktype = 1, origlen = bytes.length): Uint8Array {
  const one = (value: number) => Uint32Array.of(value)
  const batch: StreamBatch = {
    ...{ count: 1, columns: 0, memory: bytes, stop: new Uint8Array(1), time: new Uint32Array(2) },
    ...{ flow: one(0), length: one(origlen), origlen: one(origlen), caplen: one(bytes.length) },
    ...{ interface: one(0), data: one(0) },
  }
  const batches = new AnonymousBatches(anonymizer, () => linktype)
  const { memory, data, caplen } = batches.rewrite(batch, 0, 1)
  return memory.slice(data[0], data[0]! + caplen[0]!)
}

/** RFC 1071: with its own checksum, the sum of a block is all ones. */
function isSound(...blocks: readonly Uint8Array[]): boolean {
  let sum = 0
  for (const block of blocks) for (const [i, byte] of block.entries()) sum += i % 2 === 0 ? byte << 8 : byte
  while (sum > 0xffff) sum = Math.floor(sum / 0x10000) + (sum & 0xffff)
  return sum === 0xffff
}

test('Ethernet, IPv4, UDP: other addresses, right checksums, and nothing behind', () => {
  const frame = ethernet(0x0800, ipv4({ protocol: 17 }, summed(udp({}, SECRET))))
  const kept = rewritten(frame)
  expect(kept).toHaveLength(14 + 20 + 8)
  expect([...kept.subarray(6, 12)]).toEqual([...hidden(SOURCE_MAC)])
  expect([...kept.subarray(26, 30)]).toEqual([...hidden(SOURCE_IPV4)])
  expect(isSound(kept.subarray(14, 34))).toBe(true)
  // The payload counts as zeros, its length as it was.
  const length = 8 + SECRET.length
  const pseudo = concat(kept.subarray(26, 34), u16(17), u16(length))
  expect(isSound(pseudo, kept.subarray(34))).toBe(true)
  expect([...kept.subarray(38, 40)]).toEqual([...u16(length)])
})

test('no checksum of UDP stays none', () => {
  const frame = ethernet(0x0800, ipv4({ protocol: 17 }, udp({}, SECRET)))
  expect([...rewritten(frame).subarray(40, 42)]).toEqual([0, 0])
})

test('options of TCP keep their lengths; timestamps, cookies and what is unknown say nothing', () => {
  // MSS 1460, SACK permitted, timestamps, no operation, window scale 7, a cookie of Fast Open.
  const options = hex('020405b4 0402 080a 11223344 55667788 01 030307 2206a1b2c3d4 0000')
  const frame = ethernet(0x0800, ipv4({ protocol: 6 }, tcp({ options, flags: 2 })))
  const kept = rewritten(frame)
  expect(Buffer.from(kept.subarray(54)).toString('hex')).toBe(
    '020405b40402080a0000000000000000010303072206000000000000',
  )
  const pseudo = concat(kept.subarray(26, 34), u16(6), u16(20 + options.length))
  expect(isSound(pseudo, kept.subarray(34))).toBe(true)
})

test('options of IPv4 and IPv6 become padding, routes other addresses', () => {
  const route = concat(hex('07 07 04'), addressBytes('192.0.2.77'), hex('00'))
  const kept = rewritten(ethernet(0x0800, ipv4({ protocol: 17, options: route }, udp())))
  expect([...kept.subarray(34, 42)]).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  const six = ipv6({ nextHeader: 0 }, extension(17, hex('c20400010203'), summed(udp({}, SECRET))))
  expect([...rewritten(ethernet(0x86dd, six)).subarray(54, 62)]).toEqual([17, 0, 1, 4, 0, 0, 0, 0])
  const home = addressBytes('2001:db8::77')
  const routing = concat(hex('11 02 00 01 00000000'), home)
  const routed = rewritten(ethernet(0x86dd, ipv6({ nextHeader: 43 }, concat(routing, summed(udp())))))
  expect([...routed.subarray(62, 78)]).toEqual([...hidden('2001:db8::77')])
  // The checksum is of the last address of the route.
  expect(isSound(routed.subarray(22, 38), routed.subarray(62, 78), u32(8), u32(17), routed.subarray(78))).toBe(true)
})

test('ARP', () => {
  const arp = concat(
    hex('0001 0800 06 04 0001'),
    ...[SOURCE_MAC, SOURCE_IPV4, '00:00:00:00:00:00', '192.0.2.9'].map(addressBytes),
  )
  const kept = rewritten(ethernet(0x0806, concat(arp, SECRET)))
  expect(kept).toHaveLength(14 + 28)
  expect([...kept.subarray(22)]).toEqual([
    ...[...hidden(SOURCE_MAC), ...hidden(SOURCE_IPV4), 0, 0, 0, 0, 0, 0, ...hidden('192.0.2.9')],
  ])
})

describe('ICMP', () => {
  test('a quoted packet is rewritten as any other, as far as it was quoted', () => {
    const quoted = ipv4({ protocol: 17, totalLength: 500, source: '10.1.2.3' }, summed(udp({}, SECRET)))
    const error = concat(hex('0301 0000 00000000'), quoted)
    const kept = rewritten(ethernet(0x0800, ipv4({ protocol: 1 }, error)))
    expect(kept).toHaveLength(14 + 20 + 8 + 20 + 8)
    expect([...kept.subarray(54, 58)]).toEqual([...hidden('10.1.2.3')])
    expect(isSound(kept.subarray(42, 62))).toBe(true)
    expect(isSound(kept.subarray(34))).toBe(true)
  })

  test('a redirect names a gateway; of what is unknown only type and code stay', () => {
    const redirect = concat(hex('0500 0000'), addressBytes('192.0.2.254'), ipv4({ protocol: 17 }, udp()))
    const kept = rewritten(ethernet(0x0800, ipv4({ protocol: 1 }, redirect)))
    expect([...kept.subarray(38, 42)]).toEqual([...hidden('192.0.2.254')])
    const unknown = concat(hex('fd07 0000 aabbccdd'), SECRET)
    expect([...rewritten(ethernet(0x0800, ipv4({ protocol: 1 }, unknown))).subarray(38)]).toEqual([0, 0, 0, 0])
  })

  test('neighbours: the target, MAC addresses, prefixes; a name server is cut away', () => {
    const target = '2001:db8::42'
    const solicitation = concat(hex('8700 0000 00000000'), addressBytes(target), hex('0101'), addressBytes(SOURCE_MAC))
    const kept = rewritten(ethernet(0x86dd, ipv6({ nextHeader: 58 }, solicitation)))
    expect(kept).toHaveLength(54 + 32)
    expect([...kept.subarray(62, 78)]).toEqual([...hidden(target)])
    expect([...kept.subarray(80)]).toEqual([...hidden(SOURCE_MAC)])
    expect(isSound(kept.subarray(22, 54), u32(32), u32(58), kept.subarray(54))).toBe(true)
    const prefix = concat(hex('0304 40c0 00000e10 00000e10 00000000'), addressBytes('2001:db8:1:2::'))
    const server = concat(hex('1903 0000 00000e10'), addressBytes(SOURCE_IPV6))
    const advertisement = concat(hex('8600 0000 40000708 00000000 00000000'), prefix, server)
    const router = rewritten(ethernet(0x86dd, ipv6({ nextHeader: 58 }, advertisement)))
    expect(router).toHaveLength(54 + 16 + 32)
    expect([...router.subarray(86, 94)]).toEqual([...hidden('2001:db8:1:2::').subarray(0, 8)])
    expect([...router.subarray(94)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })
})

test('of what nobody decodes nothing stays', () => {
  expect(rewritten(SECRET, 147)).toHaveLength(0)
  expect(rewritten(ethernet(0x88cc, SECRET))).toHaveLength(14)
  expect(rewritten(ethernet(0x0800, ipv4({ protocol: 89 }, SECRET)))).toHaveLength(34)
  expect(rewritten(ethernet(0x0800, ipv4({ protocol: 6, version: 5 }, SECRET)))).toHaveLength(14)
  expect(rewritten(ethernet(0x8100, vlan({ vid: 7, type: 0x9999 }, SECRET)))).toHaveLength(18)
})

test('a header that the capture cut: ports stay, and addresses whose options are missing', () => {
  const frame = ethernet(0x0800, ipv4({ protocol: 6 }, tcp({}, SECRET)))
  const cut = rewritten(frame.subarray(0, 44), 1, frame.length)
  expect(cut).toHaveLength(44)
  expect([...cut.subarray(34, 44)]).toEqual([...frame.subarray(34, 44)])
  const long = ethernet(0x0800, ipv4({ protocol: 6, ihl: 15 }, tcp({}, SECRET)))
  const short = rewritten(long.subarray(0, 40), 1, long.length)
  expect(short).toHaveLength(34)
  expect([...short.subarray(26, 30)]).toEqual([...hidden(SOURCE_IPV4)])
})

test('any bytes: no longer than they were, the same layers, and the walk as it was', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  fc.assert(
    fc.property(bytes, fc.constantFrom(...ALL_LINKTYPES), fc.nat(3000), (frame, linktype, more) => {
      const before = { tunnels: walk.tunnels, innermost: walk.innermost }
      const kept = rewritten(frame, linktype, frame.length + more)
      expect(kept.length).toBeLessThanOrEqual(frame.length)
      expect({ tunnels: walk.tunnels, innermost: walk.innermost }).toEqual(before)
      const names = (data: Uint8Array) => decodeFrame(data, linktype, { origlen: frame.length + more }).layers
      const layers = names(kept).map(({ layer }) => layer)
      expect(
        names(frame)
          .map(({ layer }) => layer)
          .slice(0, layers.length),
      ).toEqual(layers)
    }),
    { numRuns: 500 },
  )
})

/** A datagram that has a checksum, whatever it is. */
function summed(datagram: Uint8Array): Uint8Array {
  return concat(datagram.subarray(0, 6), hex('1234'), datagram.subarray(8))
}
