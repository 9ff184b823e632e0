import { describe, expect, test } from 'vitest'
import { frame } from '../../src/decoders/frame.ts'
import { layerOfIpProtocol } from '../../src/decoders/ip-protocol.ts'
import { layerName } from '../../src/decoders/layer-names.ts'
import { ethernet, hex, ipv4, ipv6, udp, udpInIpv4 } from '../support/build-frame.ts'
import { namesOf, walk } from '../support/decode.ts'

// IANA, Assigned Internet Protocol Numbers.
const ALWAYS = { 1: 'icmp', 6: 'tcp', 17: 'udp', 33: 'dccp', 58: 'icmpv6', 132: 'sctp', 136: 'udp-lite' }
const TUNNELS = { 4: 'ipv4', 41: 'ipv6', 47: 'gre' }

function leading(): Record<number, string> {
  return Object.fromEntries(
    Array.from({ length: 256 }, (_, protocol) => [protocol, layerOfIpProtocol(protocol)] as const)
      .filter(([, layer]) => layer !== 0)
      .map(([protocol, layer]) => [protocol, layerName(layer)]),
  )
}

test('these protocols lead on and no others', () => {
  frame.tunnels = 0
  expect(leading()).toEqual(ALWAYS)
  frame.tunnels = 1
  expect(leading()).toEqual({ ...ALWAYS, ...TUNNELS })
  frame.tunnels = 0
})

describe('IP in IP', () => {
  const twice = ethernet(
    0x0800,
    ipv4({ protocol: 4 }, ipv4({ protocol: 41 }, ipv6({ nextHeader: 17 }, udp({ sourcePort: 9 })))),
  )

  test('goes as deep as it goes', () => {
    expect(namesOf(twice)).toBe('ethernet ipv4 ipv4 ipv6 udp')
  })

  test('outermost or innermost', () => {
    expect(walk(twice, 1, { tunnels: true })).toMatchObject({ protocol: 4, source: 26, sourcePort: 0, ipLength: 88 })
    expect(walk(twice, 1, { innermost: true })).toMatchObject({ protocol: 17, source: 62, sourcePort: 9, ipLength: 48 })
  })
})

test("a tunnel's ports go with its addresses", () => {
  const inner = ipv4({ protocol: 1 }, hex('0800000000000000'))
  const gtp = udp(
    { sourcePort: 2152, destinationPort: 2152 },
    new Uint8Array([...hex('30ff'), 0, inner.length, 0, 0, 0, 1, ...inner]),
  )
  const bytes = ethernet(0x0800, ipv4({ protocol: 17 }, gtp))
  expect(walk(bytes)).toMatchObject({ sourcePort: 2152, protocol: 17 })
  expect(walk(bytes, 1, { innermost: true })).toMatchObject({ sourcePort: 0, protocol: 1 })
})

test('the packet that an ICMP error quotes is payload', () => {
  const error = new Uint8Array([...hex('0301000000000000'), ...udpInIpv4()])
  const bytes = ethernet(0x0800, ipv4({ protocol: 1 }, error))
  expect(namesOf(bytes)).toBe('ethernet ipv4 icmp')
  expect(walk(bytes, 1, { innermost: true })).toMatchObject({ protocol: 1, sourcePort: 0, payloadLength: 32 })
})
