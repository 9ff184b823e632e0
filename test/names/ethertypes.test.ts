import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { ethertypeName } from '../../src/names/ethertypes.ts'

test.each([
  [0x0800, 'IPv4'], // RFC 894
  [0x0806, 'ARP'], // RFC 826
  [0x0842, 'WoL'],
  [0x6558, 'TEB'], // RFC 1701
  [0x8035, 'RARP'], // RFC 903
  [0x8100, '802.1Q'],
  [0x8137, 'IPX'],
  [0x86dd, 'IPv6'], // RFC 2464
  [0x8808, 'MAC-Control'], // IEEE 802.3 Annex 31A
  [0x8809, 'Slow-Protocols'], // IEEE 802.3 Annex 57A
  [0x8847, 'MPLS'], // RFC 5332
  [0x8848, 'MPLS-Multicast'],
  [0x8863, 'PPPoE-Discovery'], // RFC 2516
  [0x8864, 'PPPoE'],
  [0x888e, 'EAPOL'], // IEEE 802.1X
  [0x8892, 'PROFINET'], // IEC 61784-2
  [0x88a4, 'EtherCAT'],
  [0x88a8, '802.1ad'],
  [0x88cc, 'LLDP'], // IEEE 802.1AB
  [0x88e5, 'MACsec'], // IEEE 802.1AE
  [0x88e7, '802.1ah'],
  [0x88f7, 'PTP'], // IEEE 1588
  [0x8902, 'CFM'], // IEEE 802.1ag
  [0x8906, 'FCoE'],
  [0x8915, 'RoCE'],
  [0x894f, 'NSH'], // RFC 8300
  [0x9000, 'Loopback'],
])('EtherType %i is %s', (ethertype, name) => {
  expect(ethertypeName(ethertype)).toBe(name)
})

test('numbers without a name are hexadecimal, four digits', () => {
  expect(ethertypeName(0x88b5)).toBe('0x88b5')
  expect(ethertypeName(0)).toBe('0x0000')
  expect(ethertypeName(0x05dd)).toBe('0x05dd')
  expect(ethertypeName(0xffff)).toBe('0xffff')
  expect(ethertypeName(0x12345)).toBe('0x12345')
})

const named = Array.from({ length: 0x10000 }, (_, ethertype) => ethertype).filter(
  (ethertype) => !ethertypeName(ethertype).startsWith('0x'),
)

test('no two numbers share a name, and none is an 802.3 length', () => {
  expect(new Set(named.map(ethertypeName)).size).toBe(named.length)
  expect(Math.min(...named)).toBe(0x0600)
})

const tshark = spawnSync('tshark', ['-G', 'values'], { encoding: 'utf8', maxBuffer: 2 ** 28 })

test.skipIf(tshark.status !== 0)('tshark knows the numbers too', () => {
  const known = new Set<number>()
  for (const line of tshark.stdout.split('\n')) {
    const [, field, value] = line.split('\t')
    if (field === 'eth.type') known.add(Number(value))
  }
  // Registered, but without an entry in tshark's EtherType table (4.0).
  const registered = [0x0808, 0x88cd, 0x88f5, 0x8940, 0x8946]
  expect(named.filter((ethertype) => !known.has(ethertype) && !registered.includes(ethertype))).toEqual([])
})
