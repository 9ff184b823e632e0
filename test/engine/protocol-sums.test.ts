import { expect, it } from 'vitest'
import { FAMILY_INTERFACE, FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC, FAMILY_NONE } from '../../src/abi/families.ts'
import type { ProtocolCounts } from '../../src/capture/counter.ts'
import { addUp, subtract, sumByName, sumUndecoded, sumUndecodedFlows } from '../../src/engine/protocol-sums.ts'
import { flowTable } from '../support/frames.ts'

const counts = (family: number, protocol: number, packets: number, bytes: number): ProtocolCounts => ({
  family,
  protocol,
  packets,
  bytes,
})

const PROTOCOLS = [
  counts(FAMILY_IPV4, 17, 1, 100),
  counts(FAMILY_MAC, 0x806, 1, 42),
  counts(FAMILY_NONE, 189, 5, 100),
  counts(FAMILY_IPV6, 17, 3, 300),
  counts(FAMILY_INTERFACE, 0x806, 2, 2 ** 40),
  counts(FAMILY_NONE, 147, 1, 60),
]

it('sums protocols by name, IPv4 and IPv6 together, largest first', () => {
  expect(sumByName(PROTOCOLS)).toEqual([
    { name: 'ARP', packets: 3, bytes: 42 + 2 ** 40 },
    { name: 'UDP', packets: 4, bytes: 400 },
    { name: 'USB_LINUX', packets: 5, bytes: 100 },
    { name: 'USER0', packets: 1, bytes: 60 },
  ])
  expect(sumByName([])).toEqual([])
})

it('puts names in order where the bytes are the same', () => {
  const same = [17, 1, 6, 2].map((protocol) => counts(FAMILY_IPV4, protocol, 1, 60))
  expect(sumByName(same).map(({ name }) => name)).toEqual(['ICMP', 'IGMP', 'TCP', 'UDP'])
})

it('sums what has no address at all, of protocols and of flows', () => {
  expect(sumUndecoded(PROTOCOLS)).toEqual({ packets: 6, bytes: 160 })
  expect(sumUndecoded([])).toEqual({ packets: 0, bytes: 0 })
  const table = flowTable([
    { src: '10.0.0.1', dst: '10.0.0.2', protocol: 17 },
    { protocol: 189 },
    { src: '02:00:00:00:00:01', dst: 'ff:ff:ff:ff:ff:ff', protocol: 0x806 },
    { protocol: 147 },
  ])
  // A flow may be there several times.
  const rows = Float64Array.of(0, 1, 100, 1, 2, 64, 2, 1, 42, 3, 1, 60, 1, 3, 36)
  expect(sumUndecodedFlows(rows, table)).toEqual({ packets: 6, bytes: 160 })
  expect(sumUndecodedFlows(new Float64Array(0), table)).toEqual({ packets: 0, bytes: 0 })
})

it('adds and subtracts', () => {
  expect(addUp(PROTOCOLS)).toEqual({ packets: 13, bytes: 602 + 2 ** 40 })
  expect(addUp([])).toEqual({ packets: 0, bytes: 0 })
  expect(subtract(addUp(PROTOCOLS), sumUndecoded(PROTOCOLS))).toEqual({ packets: 7, bytes: 442 + 2 ** 40 })
})
