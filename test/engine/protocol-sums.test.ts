import { expect, it } from 'vitest'
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC, FAMILY_NONE } from '../../src/abi/families.ts'
import { addUp, ProtocolSums, subtract } from '../../src/engine/protocol-sums.ts'
import type { Counts } from '../../src/engine/records.ts'
import { protocolName } from '../../src/names/protocols.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

const table = flowTable([
  { src: '10.0.0.1', dst: '10.0.0.2', protocol: 17 },
  { src: '2001:db8::1', dst: '2001:db8::2', protocol: 17 },
  { src: '02:00:00:00:00:01', dst: 'ff:ff:ff:ff:ff:ff', protocol: 0x806 },
  { protocol: 189 },
])

function sumsOf(...parts: Float64Array<ArrayBuffer>[]): ProtocolSums {
  const sums = new ProtocolSums(table)
  for (const rows of parts) sums.add(rows)
  return sums
}

const ONE = Float64Array.of(0, 1, 100, 2, 1, 42, 3, 1, 64)
const TWO = Float64Array.of(1, 3, 300, 3, 4, 36)

it('sums over all that was added', () => {
  expect(sumsOf(ONE, TWO).total).toEqual({ packets: 10, bytes: 542 })
  expect(sumsOf(ONE, TWO).undecoded).toEqual({ packets: 5, bytes: 100 })
  expect(sumsOf().total).toEqual({ packets: 0, bytes: 0 })
  expect(subtract(sumsOf(ONE).total, sumsOf(ONE).undecoded)).toEqual({ packets: 2, bytes: 142 })
  expect(addUp([])).toEqual({ packets: 0, bytes: 0 })
})

it('sums protocols by name, IPv4 and IPv6 together, largest first', () => {
  expect(sumsOf(ONE, TWO).named()).toEqual([
    { name: 'UDP', packets: 4, bytes: 400 },
    { name: 'USB_LINUX', packets: 5, bytes: 100 },
    { name: 'ARP', packets: 1, bytes: 42 },
  ])
})

it('holds any number of protocols, flows that come later too', () => {
  const flows: TestFlow[] = []
  const late = flowTable(flows)
  const sums = new ProtocolSums(late)
  // Numbers without a name of their own, in every family: IPv4 and IPv6 share them, the others do not.
  const [first, last] = [64, 200]
  for (let protocol = first; protocol < last; protocol++) {
    const count = flows.length
    flows.push({ src: '10.0.0.1', dst: '10.0.0.2', protocol }, { protocol: 2 * protocol + 1000 })
    flows.push(
      { src: '2001:db8::1', dst: '2001:db8::2', protocol },
      { src: '02:00:00:00:00:01', protocol: 0x9000 + protocol },
    )
    for (const [i, packets] of [1, 2, 3, 4].entries()) {
      // The flow that was there first, again and again; and the new ones.
      sums.add(Float64Array.of(i, 1, 10, count + i, packets, packets * 2 ** 40 * protocol))
    }
  }
  const kinds = last - first
  expect(late.size).toBe(4 * kinds)
  expect(sums.total.packets).toBe(kinds * (4 + 1 + 2 + 3 + 4))
  expect(sums.undecoded.packets).toBe(kinds * (1 + 2))
  const named = sums.named()
  const expected = new Map<string, Counts>()
  for (const [i, { src, protocol }] of flows.entries()) {
    const family =
      src === undefined ? FAMILY_NONE : src.includes('.') ? FAMILY_IPV4 : protocol! < 256 ? FAMILY_IPV6 : FAMILY_MAC
    const name = protocolName(family, protocol!)
    const { packets, bytes } = expected.get(name) ?? { packets: 0, bytes: 0 }
    const mine = (i % 4) + 1
    const again = i < 4 ? kinds : 0
    const number = first + Math.floor(i / 4)
    expected.set(name, { packets: packets + mine + again, bytes: bytes + mine * 2 ** 40 * number + again * 10 })
  }
  expect(expected.size).toBeGreaterThan(2 * kinds)
  expect(Object.fromEntries(named.map(({ name, packets, bytes }) => [name, { packets, bytes }]))).toEqual(
    Object.fromEntries(expected),
  )
  for (let i = 1; i < named.length; i++) expect(named[i]!.bytes).toBeLessThanOrEqual(named[i - 1]!.bytes)
})

it('knows flow by flow what it has looked at, whatever the order they are counted in', () => {
  const flows: TestFlow[] = [{ src: '10.0.0.1', dst: '10.0.0.2', protocol: 6 }]
  const sums = new ProtocolSums(flowTable(flows))
  sums.add(Float64Array.of(0, 1, 100))
  for (let i = 0; i < 3000; i++) flows.push({ src: '10.0.0.1', dst: '10.0.0.2', protocol: i % 2 === 0 ? 17 : 6 })
  sums.add(Float64Array.of(3000, 1, 7, 2999, 1, 5, 1, 1, 3, 0, 1, 100))
  expect(sums.named()).toEqual([
    { name: 'TCP', packets: 3, bytes: 207 },
    { name: 'UDP', packets: 2, bytes: 8 },
  ])
})
