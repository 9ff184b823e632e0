import { expect, test } from 'vitest'
import { concat, ethernet, hex, ipv4, udp, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, headersOf, namesOf } from '../support/decode.ts'

const vxlan = (header: string, payload = ethernet(0x0800, udpInIpv4())) =>
  ethernet(0x0800, ipv4({ protocol: 17 }, udp({ destinationPort: 4789 }, concat(hex(header), payload))))

test('network identifier, RFC 7348 §5', () => {
  const bytes = vxlan('08000000 fedcba00')
  expect(headerOf(bytes, 'vxlan')).toEqual({ layer: 'vxlan', offset: 42, headerLength: 8, flags: 8, vni: 0xfedcba })
  expect(namesOf(bytes)).toBe('ethernet ipv4 udp vxlan ethernet ipv4 udp')
  expect(headersOf(bytes, 'ethernet')[1]!.offset).toBe(50)
  expectCuts(bytes)
})

test('without a valid identifier it is malformed', () => {
  expect(faultOf(vxlan('00000000 00002a00'))).toBe('vxlan at 42: malformed')
})

test('too short', () => {
  expect(faultOf(vxlan('08000000 00002a', hex('')))).toContain('needed 8 bytes, 7 available')
  expect(faultOf(vxlan('08000000 00002a00', hex('')))).toContain('ethernet at 50: needed 14 bytes, 0 available')
})
