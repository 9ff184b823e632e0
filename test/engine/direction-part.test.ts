import { expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { GroupSums } from '../../src/engine/group-sums.ts'
import { Groups } from '../../src/engine/groups.ts'
import { rankRows } from '../../src/engine/ranking.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { type LocalNetworks, parseLocalNetworks } from '../../src/names/local-networks.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

const FLOWS: readonly TestFlow[] = [
  { src: '10.0.0.1', dst: '8.8.8.8', protocol: 17 },
  { src: '8.8.8.8', dst: '10.0.0.1', protocol: 17 },
  { src: '10.0.0.1', dst: '192.168.1.1', protocol: 6 },
  { src: '8.8.4.4', dst: '8.8.8.8', protocol: 6 },
  { src: '10.0.0.1', dst: '224.0.0.251', protocol: 17 },
  { src: '8.8.4.4', dst: '224.0.0.251', protocol: 17 },
  { src: 'fd00::1', dst: '2606:4700::1111', protocol: 6 },
]

function packetsBy(by: string, local?: LocalNetworks) {
  const grouping = parseBy(by, local)
  const table = flowTable(FLOWS)
  const sums = new GroupSums(new Groups(grouping, table, grouping.keyFields, createEndpointNamer()))
  // Each flow has a power of two of packets, so that a sum says which flows are in it.
  sums.addRows(Float64Array.from(FLOWS.flatMap((_, flow) => [flow, 2 ** flow, 100])), 1)
  const { ranked } = rankRows(sums, { sort: 'bytes', top: null }, 1_000_000_000n)
  return Object.fromEntries(ranked.rows().map(({ key, packets }) => [key.join(' '), packets]))
}

it('up leaves our networks, down comes in; groups of hosts are where we are', () => {
  expect(packetsBy('direction')).toEqual({ up: 1 + 64, down: 2 + 32, inside: 4 + 16, outside: 8 })
})

it('ours are the networks of --local', () => {
  const local = parseLocalNetworks('8.8.0.0/16')
  expect(packetsBy('direction', local)).toEqual({ down: 1 + 16, up: 2, outside: 4 + 64, inside: 8 + 32 })
  expect(packetsBy('direction,protocol', local)).toMatchObject({
    'up UDP 17': 2,
    'inside TCP 6': 8,
    'inside UDP 17': 32,
  })
})

it('looks at frames as they were sent', () => {
  expect(() => parseBy('host,direction')).toThrow(/'host' looks at a frame from both ends/)
  expect(parseBy('direction,direction').columns).toEqual(['direction'])
})
