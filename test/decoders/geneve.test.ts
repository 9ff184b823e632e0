import { expect, test } from 'vitest'
import { concat, ethernet, hex, ipv4, udp, udpInIpv4, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf } from '../support/decode.ts'

const geneve = (header: string, payload = ethernet(0x0800, udpInIpv4())) =>
  ethernet(0x0800, ipv4({ protocol: 17 }, udp({ destinationPort: 6081 }, concat(hex(header), payload))))

test('header without options, the shortest', () => {
  expect(headerOf(geneve('0000 6558 fedcba00'), 'geneve')).toEqual({
    layer: 'geneve',
    offset: 42,
    headerLength: 8,
    version: 0,
    control: false,
    critical: false,
    protocolType: 0x6558,
    vni: 0xfedcba,
    options: hex(''),
  })
  expectCuts(geneve('0000 6558 fedcba00'))
})

test('options, up to 63 words', () => {
  const one = geneve('01c0 6558 00002a00 01020304')
  expect(headerOf(one, 'geneve')).toMatchObject({
    headerLength: 12,
    control: true,
    critical: true,
    options: hex('01020304'),
  })
  expect(namesOf(one)).toBe('ethernet ipv4 udp geneve ethernet ipv4 udp')
  expectCuts(one)
  expect(headerOf(geneve(`3f00 6558 00002a00 ${'00'.repeat(252)}`), 'geneve').headerLength).toBe(260)
})

test('carries IP without Ethernet', () => {
  expect(namesOf(geneve('0000 86dd 00002a00', udpInIpv6()))).toBe('ethernet ipv4 udp geneve ipv6 udp')
})

test('another version is not decoded', () => {
  expect(faultOf(geneve('4000 6558 00002a00'))).toBe('geneve at 42: unsupported')
})

test('lengths that do not fit', () => {
  expect(faultOf(geneve('0000 6558 00002a', hex('')))).toContain('needed 8 bytes, 7 available')
  expect(faultOf(geneve('0200 6558 00002a00 01020304', hex('')))).toContain('needed 16 bytes, 12 available')
})
