import { describe, expect, test } from 'vitest'
import { FAMILY_IPV4, FAMILY_MAC, FAMILY_NONE } from '../../src/abi/families.ts'
import { LIMIT_CAPTURE, LIMIT_FRAME, STOP_NONE, STOP_UNSUPPORTED } from '../../src/decoders/frame.ts'
import { LINKTYPE_ETHERNET } from '../../src/decoders/linktype.ts'
import { concat, ethernet, hex, ipv4, udp, udpInIpv4, udpInIpv6, vlan } from '../support/build-frame.ts'
import { walk } from '../support/decode.ts'

const bytes = ethernet(0x0800, udpInIpv4())

describe('a frame is what the flow table and the counters need', () => {
  test('addresses, ports, protocol, lengths', () => {
    expect(walk(bytes)).toMatchObject({
      family: FAMILY_IPV4,
      protocol: 17,
      source: 26,
      destination: 30,
      destinationMac: 0,
      sourceMac: 6,
      sourcePort: 49152,
      destinationPort: 53,
      vlan: 0,
      ipLength: 32,
      payloadLength: 4,
      stopReason: STOP_NONE,
    })
  })

  test('nothing of the frame before it', () => {
    const tagged = ethernet(0x8100, vlan({ vid: 5, type: 0x0800 }, udpInIpv4()))
    const other = ethernet(0x88cc, hex('0000'))
    const first = walk(other)
    walk(tagged)
    expect(walk(other)).toEqual({ ...first, ...staleStop(walk(other)) })
    expect(walk(other)).toMatchObject({ family: FAMILY_MAC, vlan: 0, sourcePort: 0, ipLength: 0, payloadLength: 0 })
  })

  test('lengths are those on the wire, however little was captured', () => {
    const whole = ethernet(0x0800, udpInIpv4({}, new Uint8Array(1000)))
    expect(walk(whole.subarray(0, 42), LINKTYPE_ETHERNET, { origlen: whole.length })).toMatchObject({
      ipLength: 1028,
      payloadLength: 1000,
    })
  })
})

describe('the original length', () => {
  test('above the captured one, the capture is the limit', () => {
    expect(walk(bytes, 1, { origlen: bytes.length }).limit).not.toBe(LIMIT_CAPTURE)
    const cut = bytes.subarray(0, 20)
    expect(walk(cut, 1, { origlen: 46 }).limit).toBe(LIMIT_CAPTURE)
    expect(walk(cut).limit).toBe(LIMIT_FRAME)
  })

  test('below the captured one, it is not believed', () => {
    expect(walk(bytes, 1, { origlen: 3 })).toEqual(walk(bytes))
  })

  test('beyond 30 bits, it is bounded, so that no sum overflows', () => {
    for (const origlen of [-1, 0x7fffffff, 0x40000000]) {
      expect(walk(bytes, 1, { origlen }).wireEnd).toBe(0x3fffffff)
    }
  })
})

test('a link type that is not decoded: unsupported, and named by its number', () => {
  expect(walk(bytes, 147)).toMatchObject({
    family: FAMILY_NONE,
    protocol: 147,
    stopReason: STOP_UNSUPPORTED,
    stopLayer: 0,
    stopAt: 0,
    stopAvailable: 46,
  })
})

describe('tunnels', () => {
  const inner = udpInIpv6({ sourcePort: 7 })
  const tunnel = ethernet(0x0800, ipv4({ protocol: 41 }, inner))

  test('are left alone unless asked for', () => {
    expect(walk(tunnel)).toMatchObject({
      family: FAMILY_IPV4,
      protocol: 41,
      sourcePort: 0,
      payloadLength: inner.length,
    })
  })

  test('followed, the outermost header still counts', () => {
    const outermost = walk(tunnel)
    const { family, protocol, source, sourcePort, ipLength, payloadLength } = walk(tunnel, 1, { tunnels: true })
    expect(outermost).toMatchObject({ family, protocol, source, sourcePort, ipLength, payloadLength })
  })

  test('followed to the innermost header, that one counts, and its ports', () => {
    expect(walk(tunnel, 1, { innermost: true })).toMatchObject({
      family: 6,
      protocol: 17,
      source: 42,
      sourcePort: 7,
      ipLength: inner.length,
      payloadLength: 4,
    })
  })

  test('a broken inner header leaves the outer one', () => {
    const broken = ethernet(
      0x0800,
      ipv4({ protocol: 17 }, udp({ destinationPort: 4789 }, concat(hex('08'), hex('00')))),
    )
    expect(walk(broken, 1, { innermost: true })).toMatchObject({ family: FAMILY_IPV4, destinationPort: 4789 })
  })
})

/** The words of an earlier stop are left standing: only stopReason says whether they mean anything. */
function staleStop(frame: ReturnType<typeof walk>) {
  return Object.fromEntries(Object.entries(frame).filter(([field]) => field.startsWith('stop')))
}
