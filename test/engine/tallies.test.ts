import { expect, it } from 'vitest'
import { FlowCounts } from '../../src/engine/flow-counts.ts'
import { subtract, sumAll, sumProtocols, sumUndecoded } from '../../src/engine/tallies.ts'
import { flowTable } from '../support/frames.ts'

const table = flowTable([
  { src: '10.0.0.1', dst: '10.0.0.2', protocol: 17 },
  { src: '2001:db8::1', dst: '2001:db8::2', protocol: 17 },
  { src: '02:00:00:00:00:01', dst: 'ff:ff:ff:ff:ff:ff', protocol: 0x806 },
  { protocol: 189 },
])
const [one, two] = [new FlowCounts(), new FlowCounts()]
one.countRows(Float64Array.of(0, 1, 100, 2, 1, 42, 3, 1, 64))
two.countRows(Float64Array.of(1, 3, 300, 3, 4, 36))

it('sums over all counters', () => {
  expect(sumAll([one, two])).toEqual({ packets: 10, bytes: 542 })
  expect(sumUndecoded([one, two], table)).toEqual({ packets: 5, bytes: 100 })
  expect(sumAll([])).toEqual({ packets: 0, bytes: 0 })
  expect(subtract(sumAll([one]), sumUndecoded([one], table))).toEqual({ packets: 2, bytes: 142 })
})

it('sums protocols by name, IPv4 and IPv6 together, largest first', () => {
  expect(sumProtocols([one, two], table)).toEqual([
    { name: 'UDP', packets: 4, bytes: 400 },
    { name: 'USB_LINUX', packets: 5, bytes: 100 },
    { name: 'ARP', packets: 1, bytes: 42 },
  ])
})
