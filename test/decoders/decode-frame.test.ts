import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDecodeFault } from '../../src/decoders/decode-fault.ts'
import { decodeFrame } from '../../src/decoders/decode-frame.ts'
import { frame } from '../../src/decoders/frame.ts'
import { LINKTYPE_ETHERNET } from '../../src/decoders/linktype.ts'
import { concat, ethernet, fragment, hex, ipv4, ipv6, tcp, u16, udp, udpInIpv4 } from '../support/build-frame.ts'
import { corpusFiles, corpusMissing, readFrames } from '../support/corpus.ts'
import { expectCuts, faultOf, namesOf } from '../support/decode.ts'
import { sampleFrames } from '../support/sample-frames.ts'
import { anyFrame, type FrameInput } from '../support/walk-inputs.ts'

/** What holds for a decoded frame, whatever its bytes. */
function expectSound({ bytes, linktype, origlen }: FrameInput, tunnels: boolean): void {
  const { layers, fault, payload, network } = decodeFrame(bytes, linktype, { origlen, tunnels })
  // Plain comparisons: expect() would take longer than all the decoding.
  const hold = (isTrue: boolean, what: string) =>
    isTrue || expect.fail(`${what}: ${JSON.stringify({ layers, fault, payload })}`)
  let end = 0
  for (const { layer, offset, headerLength } of layers) {
    hold(offset >= end && headerLength >= 0, `${layer} starts behind the header in front of it`)
    end = offset + headerLength
  }
  hold(payload.start === end && payload.end >= end, 'the payload starts behind the last header')
  hold(payload.end <= bytes.length, 'nothing is behind the frame')
  const firstIp = layers.find((header) => header.layer === 'ipv4' || header.layer === 'ipv6')
  hold(firstIp === undefined || network?.source === firstIp.source, 'the outermost IP header is the network')
  if (fault === null) return
  hold(fault.offset + fault.available <= bytes.length, 'the fault is inside the frame')
  hold(!formatDecodeFault(fault).includes('undefined'), 'the fault has words')
  hold(fault.reason !== 'truncated' || origlen > bytes.length, 'only a cut capture is truncated')
}

describe('any bytes', () => {
  test('never throw, are never read past their end, and always end', () => {
    fc.assert(fc.property(anyFrame, fc.boolean(), expectSound), { numRuns: 10_000 })
  })

  test('lie where they may: the bytes around a frame do not matter', () => {
    fc.assert(
      fc.property(anyFrame, fc.integer({ min: 0, max: 255 }), ({ bytes, linktype, origlen }, filler) => {
        const inside = new Uint8Array(bytes.length + 64).fill(filler)
        inside.set(bytes, 32)
        const view = inside.subarray(32, 32 + bytes.length)
        expect(decodeFrame(view, linktype, { origlen })).toEqual(decodeFrame(bytes, linktype, { origlen }))
      }),
      { numRuns: 2000 },
    )
  })

  test('of origlen: nonsense is no more than no origlen', () => {
    const bytes = ethernet(0x0800, udpInIpv4())
    for (const origlen of [0, -1, 2 ** 32, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(decodeFrame(bytes, LINKTYPE_ETHERNET, { origlen })).toEqual(decodeFrame(bytes, LINKTYPE_ETHERNET))
    }
  })
})

if (corpusMissing !== null) process.stdout.write(`skipped: decodeFrame on real captures: ${corpusMissing}\n`)

test.skipIf(corpusMissing !== null)('frames of the reference captures', async () => {
  let frames = 0
  for await (const input of readFrames(corpusFiles())) {
    expectSound(input, true)
    frames++
  }
  expect(frames).toBeGreaterThan(50_000)
})

describe.each(sampleFrames)('$name', ({ bytes, linktype }) => {
  test('is decoded to its end', () => {
    const { layers, fault, payload } = decodeFrame(bytes, linktype)
    expect(fault).toBeNull()
    expect(layers.length).toBeGreaterThan(1)
    expect(payload.end).toBe(bytes.length)
  })

  test('cut at every byte', () => expectCuts(bytes, linktype))
})

describe('network', () => {
  const source = '192.0.2.1'
  const destination = '198.51.100.2'

  test('is the outermost IP header, with ports', () => {
    const tunnel = ethernet(0x0800, ipv4({ protocol: 47 }, concat(hex('00000800'), udpInIpv4())))
    const outermost = { version: 4, source, destination, protocol: 47, sourcePort: null, destinationPort: null }
    expect(decodeFrame(tunnel, LINKTYPE_ETHERNET).network).toEqual(outermost)
    expect(decodeFrame(ethernet(0x0800, udpInIpv4()), LINKTYPE_ETHERNET).network).toEqual({
      ...outermost,
      protocol: 17,
      sourcePort: 49152,
      destinationPort: 53,
    })
  })

  test('port 0 is a port', () => {
    const { network } = decodeFrame(ethernet(0x0800, udpInIpv4({ sourcePort: 0 })), LINKTYPE_ETHERNET)
    expect(network!.sourcePort).toBe(0)
  })

  test('stays when what is behind it is broken', () => {
    const broken = decodeFrame(ethernet(0x0800, ipv4({ protocol: 6 }, tcp({ dataOffset: 3 }))), LINKTYPE_ETHERNET)
    expect(broken.network).toMatchObject({ source, sourcePort: 49152 })
    expect(broken.fault).toMatchObject({ reason: 'malformed', layer: 'tcp' })
    const options = decodeFrame(ethernet(0x0800, ipv4({ protocol: 6, ihl: 15 }, tcp())), LINKTYPE_ETHERNET)
    expect(options.network).toMatchObject({ source, sourcePort: null })
    expect(options.layers.map(({ layer }) => layer)).toEqual(['ethernet'])
  })

  test('has no ports in a later fragment', () => {
    const later = ipv6({ nextHeader: 44 }, fragment({ nextHeader: 17, offset: 1480, more: false }, udp()))
    expect(decodeFrame(ethernet(0x86dd, later), LINKTYPE_ETHERNET).network).toMatchObject({
      protocol: 17,
      sourcePort: null,
    })
  })

  test('is null without IP', () => {
    expect(decodeFrame(ethernet(0x88cc, hex('0000')), LINKTYPE_ETHERNET).network).toBeNull()
  })
})

describe('payload', () => {
  test('ends where the length fields say, not with the padding', () => {
    const padded = concat(ethernet(0x0800, udpInIpv4()), new Uint8Array(14))
    expect(decodeFrame(padded, LINKTYPE_ETHERNET).payload).toEqual({ start: 42, end: 46 })
  })

  test('is everything for a link type that is not decoded', () => {
    const { layers, fault, payload, network } = decodeFrame(hex('01020304'), 147)
    expect({ layers, network, payload }).toEqual({ layers: [], network: null, payload: { start: 0, end: 4 } })
    expect(formatDecodeFault(fault!)).toBe('link type 147 at 0: unsupported')
  })
})

describe('options', () => {
  const vxlan = udp({ destinationPort: 4789 }, concat(hex('0800000000002a00'), ethernet(0x0800, udpInIpv4())))
  const bytes = ethernet(0x0800, ipv4({ protocol: 17 }, vxlan))

  test('tunnels are followed unless told otherwise', () => {
    expect(namesOf(bytes)).toBe('ethernet ipv4 udp vxlan ethernet ipv4 udp')
    expect(namesOf(bytes, LINKTYPE_ETHERNET, { tunnels: false })).toBe('ethernet ipv4 udp')
  })

  test('origlen tells a cut capture from a broken frame', () => {
    const short = bytes.subarray(0, 37)
    expect(faultOf(short, LINKTYPE_ETHERNET, { origlen: bytes.length })).toBe(
      'truncated: udp at 34: needed 8 bytes, 3 available (limit: captured length)',
    )
    expect(faultOf(short)).toBe('malformed: udp at 34: needed 8 bytes, 3 available (limit: frame length)')
  })
})

test('the settings of the walk come back', () => {
  frame.tunnels = 0
  frame.innermost = 1
  decodeFrame(ethernet(0x0800, udpInIpv4()), LINKTYPE_ETHERNET)
  expect([frame.tunnels, frame.innermost]).toEqual([0, 1])
  frame.innermost = 0
})

test('the result is a copy: the bytes may be used again', () => {
  const bytes = ethernet(0x0800, ipv4({ protocol: 17, options: hex('94040102') }, udp()))
  const before = decodeFrame(bytes, LINKTYPE_ETHERNET)
  const copy = structuredClone(before)
  bytes.fill(0xff)
  expect(before).toEqual(copy)
})

test('1000 labels and tags do not exhaust a stack', () => {
  const labels = Uint8Array.from({ length: 4000 }, (_, i) => (i % 4 === 3 ? 64 : 0))
  expect(decodeFrame(ethernet(0x8847, labels), LINKTYPE_ETHERNET).layers).toHaveLength(1001)
  const tags = concat(...Array.from({ length: 1000 }, (_, i) => concat(u16(i + 1), u16(0x8100))))
  expect(decodeFrame(ethernet(0x8100, tags), LINKTYPE_ETHERNET).layers).toHaveLength(1001)
})
