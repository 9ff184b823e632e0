import { expect, test } from 'vitest'
import { LINKTYPE_ETHERNET } from '../../src/decoders/linktype.ts'
import { concat, ethernet, hex, ipv4, udp, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, headersOf, namesOf } from '../support/decode.ts'

const teredo = (indicators: string, payload = udpInIpv6()) =>
  ethernet(0x0800, ipv4({ protocol: 17 }, udp({ destinationPort: 3544 }, concat(hex(indicators), payload))))

// RFC 4380 §5.1.1: 192.0.2.45 and port 337, each bit inverted.
const ORIGIN = '0000 feae 3ffffdd2'
const AUTHENTICATION = '0001 02 03 aabb 010203 1112131415161718 00'

test('no indicator', () => {
  expect(headerOf(teredo(''), 'teredo')).toEqual({
    layer: 'teredo',
    offset: 42,
    headerLength: 0,
    authentication: false,
    origin: null,
  })
  expect(namesOf(teredo(''))).toBe('ethernet ipv4 udp teredo ipv6 udp')
  expectCuts(teredo(''))
})

test('origin', () => {
  expect(headerOf(teredo(ORIGIN), 'teredo')).toMatchObject({
    headerLength: 8,
    origin: { address: '192.0.2.45', port: 337 },
  })
  expectCuts(teredo(ORIGIN))
})

test('authentication, then origin', () => {
  const bytes = teredo(AUTHENTICATION + ORIGIN)
  expect(headerOf(bytes, 'teredo')).toMatchObject({
    headerLength: 26,
    authentication: true,
    origin: { address: '192.0.2.45', port: 337 },
  })
  expect(headersOf(bytes, 'ipv6')[0]!.offset).toBe(68)
  expectCuts(bytes)
  expect(headerOf(teredo(AUTHENTICATION), 'teredo')).toMatchObject({ headerLength: 18, origin: null })
})

test('an empty datagram is none; one that the capture cut is truncated', () => {
  expect(namesOf(teredo('', hex('')))).toBe('ethernet ipv4 udp')
  expect(faultOf(teredo('', hex('')))).toBeNull()
  expect(faultOf(teredo('').subarray(0, 42), LINKTYPE_ETHERNET, { origlen: 90 })).toBe(
    'truncated: teredo at 42: needed 2 bytes, 0 available (limit: captured length)',
  )
})

test('what is not IPv6 is malformed', () => {
  expect(faultOf(teredo('', hex('4500')))).toBe('teredo at 42: malformed')
})

test('indicators that do not fit', () => {
  expect(faultOf(teredo('60', hex('')))).toContain('needed 2 bytes, 1 available')
  expect(faultOf(teredo('0001 00 00 00', hex('')))).toContain('needed 13 bytes, 5 available')
  expect(faultOf(teredo('0001 ff 00 0000000000000000 00', hex('')))).toContain('needed 270 bytes, 13 available')
  expect(faultOf(teredo('0000 0000 00000000', hex('')))).toContain('needed 9 bytes, 8 available')
})
