import { expect, test } from 'vitest'
import { ethernet, hex, udpInIpv4, vlan } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, headersOf, namesOf, walk } from '../support/decode.ts'

test('priority, drop eligible, identifier', () => {
  const bytes = ethernet(0x8100, vlan({ vid: 0xabc, pcp: 5, dei: true, type: 0x0800 }, udpInIpv4()))
  expect(headerOf(bytes, 'vlan')).toEqual({
    layer: 'vlan',
    offset: 14,
    headerLength: 4,
    pcp: 5,
    dei: true,
    vid: 0xabc,
    etherType: 0x0800,
    length: null,
  })
  expectCuts(bytes)
})

test('tags stack, with any of the five EtherTypes', () => {
  const types = [0x88a8, 0x8100, 0x9100, 0x9200, 0x9300]
  const bytes = types.reduceRight(
    (inside, _, i) => vlan({ vid: i + 1, type: types[i + 1] ?? 0x0800 }, inside),
    udpInIpv4(),
  )
  expect(headersOf(ethernet(types[0]!, bytes), 'vlan').map(({ vid }) => vid)).toEqual([1, 2, 3, 4, 5])
  expect(namesOf(ethernet(types[0]!, bytes))).toMatch(/vlan ipv4 udp$/)
})

test('the two outermost tags are the key, each plus one', () => {
  const inside = udpInIpv4()
  const one = (vid: number) => walk(ethernet(0x8100, vlan({ vid, type: 0x0800 }, inside))).vlan
  expect([one(0), one(7), one(4095)]).toEqual([1, 8, 4096])
  const three = vlan({ vid: 1, type: 0x8100 }, vlan({ vid: 0, type: 0x8100 }, vlan({ vid: 3, type: 0x0800 }, inside)))
  expect(walk(ethernet(0x8100, three)).vlan).toBe(2 + 1 * 0x10000)
})

test('a tag may end in an 802.3 length', () => {
  const bytes = ethernet(0x8100, vlan({ vid: 1, type: 3 }, hex('424203 ffff')))
  expect(headerOf(bytes, 'vlan')).toMatchObject({ etherType: null, length: 3 })
  expect(namesOf(bytes)).toBe('ethernet vlan llc')
  expect(faultOf(bytes)).toBeNull()
})

test('too short', () => {
  expect(faultOf(ethernet(0x8100, hex('000108')))).toBe(
    'malformed: vlan at 14: needed 4 bytes, 3 available (limit: frame length)',
  )
})
