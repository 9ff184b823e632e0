import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lookupFilter, withoutLookups } from '../../src/node/lookup-filter.ts'
import { pcap } from '../support/build-capture.ts'
import { concat, EMPTY, ethernet, hex, ipv4, ipv6, tcp, u16 } from '../support/build-frame.ts'
import { missingTools, output } from '../support/tools.ts'
import { udpFrame } from '../support/udp-frame.ts'
import { temporaryFolder, writeFile } from './fixtures.ts'

const folder = temporaryFolder()
const reason = missingTools('tcpdump')

const HOST = '10.0.0.1'
const SERVER = '10.0.0.53'
const HOST_6 = 'fd00::1'
const SERVER_6 = 'fd00::53'
const OWN_PORT = 41234
const OWN_PORT_6 = 45678

const lookups = lookupFilter([
  { address: SERVER, port: 53, localPort: OWN_PORT },
  { address: SERVER_6, port: 5353, localPort: OWN_PORT_6 },
])

const payload = new Uint8Array(40)
const udp = (src: string, sourcePort: number, dst: string, destinationPort: number) =>
  udpFrame({ src, dst, sourcePort, destinationPort, payload })

/** Destination unreachable with the datagram that it is about. */
const unreachable = (sourcePort: number, destinationPort: number) => {
  const datagram = udp(HOST, sourcePort, SERVER, destinationPort).subarray(14)
  const icmp = concat(hex('0303 0000 00000000'), datagram)
  return ethernet(0x0800, ipv4({ protocol: 1, source: SERVER, destination: HOST }, icmp))
}
const unreachable6 = (sourcePort: number, destinationPort: number) => {
  const datagram = udp(HOST_6, sourcePort, SERVER_6, destinationPort).subarray(14)
  const icmp = concat(hex('0104 0000 00000000'), datagram)
  return ethernet(0x86dd, ipv6({ nextHeader: 58, source: SERVER_6, destination: HOST_6 }, icmp))
}

const own: Record<string, Uint8Array> = {
  question: udp(HOST, OWN_PORT, SERVER, 53),
  answer: udp(SERVER, 53, HOST, OWN_PORT),
  'no such port': unreachable(OWN_PORT, 53),
  'question, IPv6': udp(HOST_6, OWN_PORT_6, SERVER_6, 5353),
  'answer, IPv6': udp(SERVER_6, 5353, HOST_6, OWN_PORT_6),
  'no such port, IPv6': unreachable6(OWN_PORT_6, 5353),
}

const others: Record<string, Uint8Array> = {
  'a lookup of another program': udp(HOST, 50000, SERVER, 53),
  'its error': unreachable(50000, 53),
  'its error, IPv6': unreachable6(50000, 5353),
  'another server': udp(HOST, OWN_PORT, '10.0.0.54', 53),
  'another service of the server': udp(HOST, OWN_PORT, SERVER, 123),
  'other hosts with the same ports': udp('10.0.0.7', OWN_PORT, '10.0.0.8', 53),
  'TCP with the same ports': ethernet(
    0x0800,
    ipv4({ protocol: 6, source: HOST, destination: SERVER }, tcp({ sourcePort: OWN_PORT, destinationPort: 53 }, EMPTY)),
  ),
  ARP: ethernet(0x0806, hex('0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000035')),
  'UDP without a UDP header': ethernet(0x0800, ipv4({ protocol: 17, source: HOST, destination: '10.0.0.8' }, EMPTY)),
  'ICMP without an ICMP header': ethernet(0x0800, ipv4({ protocol: 1, source: HOST, destination: SERVER }, EMPTY)),
  'an ICMP error that quotes nothing': ethernet(0x0800, ipv4({ protocol: 1 }, hex('0303 0000 00000000'))),
  'ICMPv6 without an ICMPv6 header': ethernet(0x86dd, ipv6({ nextHeader: 58 }, EMPTY)),
  'an ICMPv6 error that quotes nothing': ethernet(0x86dd, ipv6({ nextHeader: 58 }, hex('0104 0000 00000000'))),
  'a tagged frame': udpFrame({ src: HOST, dst: '10.0.0.8', vlans: [10], payload }),
  'an Ethernet header': ethernet(0x0800, EMPTY),
  'a later fragment': ethernet(
    0x0800,
    ipv4({ protocol: 17, fragmentOffset: 8 }, concat(u16(OWN_PORT), u16(53), payload)),
  ),
}

/** Which of the frames pass a filter in libpcap, which every capture tool has it from. */
function passing(filter: string, frames: Record<string, Uint8Array>): string[] {
  const names = Object.keys(frames)
  const records = Object.values(frames).map((data, i) => ({ seconds: i + 1, data }))
  const file = writeFile(folder, 'frames.pcap', pcap(records))
  output('tcpdump', ['-r', file, '-w', join(folder, 'passed.pcap'), filter])
  const passed = readFileSync(join(folder, 'passed.pcap'))
  const found: string[] = []
  for (let at = 24; at < passed.length; at += 16 + passed.readUInt32LE(at + 8))
    found.push(names[passed.readUInt32LE(at) - 1]!)
  return found
}

test.skipIf(reason !== null)('our lookups are left out, and nothing else', () => {
  expect(passing(withoutLookups(lookups, undefined), { ...own, ...others })).toEqual(Object.keys(others))
  expect(passing(withoutLookups(lookups, ' '), { ...own, ...others })).toEqual(Object.keys(others))
  expect(passing(lookups, { ...own, ...others })).toEqual(Object.keys(own))
})

test
  .skipIf(reason !== null)
  .each([
    'arp or udp',
    'udp port 53 or icmp',
    'not tcp',
    'host 10.0.0.1 or host 10.0.0.8 and udp',
    'vlan or udp',
    'udp\nor\narp',
  ])('with a filter of the user: %j', (filter) => {
  const all = { ...own, ...others }
  const expected = passing(filter, all).filter((name) => !(name in own))
  expect(expected.length).toBeGreaterThan(0)
  expect(passing(withoutLookups(lookups, filter), all)).toEqual(expected)
})
