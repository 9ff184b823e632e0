/** The programs of --only and --exclude-local, in the module, against the labels of the rows. */
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { KEY_ALL } from '../../src/abi/key-fields.ts'
import { compileEnds, parseAddressKinds } from '../../src/names/address-kinds.ts'
import { labelAddress } from '../../src/names/labels.ts'
import { parseLocalNetworks } from '../../src/names/local-networks.ts'
import { IPV4_SPECIAL_BLOCKS, IPV6_SPECIAL_BLOCKS } from '../../src/names/special-addresses.ts'
import { capturesFolder } from '../support/captures.ts'
import { readCapture } from '../support/read-capture.ts'

const LABELS: Readonly<Record<string, string>> = {
  public: 'No-DNS',
  private: 'Private Network',
  localhost: 'Localhost',
  'link-local': 'Link-Local',
  multicast: 'Multicast',
  broadcast: 'Broadcast',
}

/** A raw IP frame in a pcap. */
function capture(source: Uint8Array, destination: Uint8Array): Uint8Array {
  const isIpv6 = source.length === 16
  const packet = new Uint8Array(isIpv6 ? 40 : 20)
  packet[0] = isIpv6 ? 0x60 : 0x45
  if (isIpv6) packet[6] = 59
  else packet.set([0, 20], 2)
  packet.set(source, isIpv6 ? 8 : 12)
  packet.set(destination, isIpv6 ? 24 : 16)
  const pcap = new Uint8Array(40 + packet.length)
  const view = new DataView(pcap.buffer)
  for (const [at, value] of [
    [0, 0xa1b2c3d4],
    [4, 0x00040002],
    [16, 65535],
    [20, 101],
    [32, packet.length],
    [36, packet.length],
  ] as const) {
    view.setUint32(at, value, true)
  }
  pcap.set(packet, 40)
  return pcap
}

/** Near the ends of the special blocks, where a wrong mask shows, and anywhere. */
function anyAddress(bytes: 4 | 16): fc.Arbitrary<Uint8Array> {
  const blocks = bytes === 4 ? IPV4_SPECIAL_BLOCKS : IPV6_SPECIAL_BLOCKS
  const starts = blocks.map(([cidr]) => firstOf(cidr, bytes))
  const near = fc
    .record({ start: fc.constantFrom(...starts), add: fc.integer({ min: -2, max: 2 }) })
    .map(({ start, add }) => toBytes(BigInt.asUintN(8 * bytes, start + BigInt(add)), bytes))
  return fc.oneof(near, fc.uint8Array({ minLength: bytes, maxLength: bytes }))
}

function firstOf(cidr: string, bytes: 4 | 16): bigint {
  const text = cidr.slice(0, cidr.indexOf('/'))
  if (bytes === 4) return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [head = '', tail = ''] = text.split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  const zeros = new Array<string>(8 - groups(head).length - groups(tail).length).fill('0')
  return [...groups(head), ...zeros, ...groups(tail)].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
}

function toBytes(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn))
}

describe('--only', () => {
  it('takes what a label says of one end', async () => {
    const anyPair = fc.constantFrom<4 | 16>(4, 16).chain((bytes) => fc.tuple(anyAddress(bytes), anyAddress(bytes)))
    const property = fc.asyncProperty(anyPair, fc.constantFrom(...Object.keys(LABELS)), async ([from, to], kind) => {
      const { frames } = await readCapture(capture(from, to), {
        ends: compileEnds({ only: [kind], excludeLocal: false }),
      })
      const isIt = [from, to].some((address) => labelAddress(address) === LABELS[kind])
      expect(frames.length, `${from} ${to} ${kind}`).toBe(isIt ? 1 : 0)
    })
    await fc.assert(property, { numRuns: 400 })
  })

  test.each(['vlan.pcapng', 'office.pcap', 'pppoe.pcap', 'gre.pcapng', 'any-sll2.pcap', 'arp.pcap'])(
    'sees the ends that rows have, behind tags too: %s',
    async (name) => {
      const bytes = readFileSync(capturesFolder + name)
      const { frames, parser } = await readCapture(bytes, { keyFields: KEY_ALL })
      for (const [kind, label] of Object.entries(LABELS)) {
        const expected = frames.filter(({ flow }) => {
          const { source, destination } = parser.flows.row(flow)
          return labelAddress(source) === label || labelAddress(destination) === label
        })
        const ends = compileEnds({ only: [kind], excludeLocal: false })
        expect((await readCapture(bytes, { ends })).frames.length, kind).toBe(expected.length)
      }
    },
  )

  test('lists the kinds when there is no such one', () => {
    expect(parseAddressKinds('Private, public')).toEqual(['private', 'public'])
    expect(() => parseAddressKinds('secret')).toThrow("'secret' is no kind of address: public, private, localhost")
  })
})

test('--exclude-local leaves out what has both ends here', async () => {
  const ends = compileEnds({ only: null, excludeLocal: true })
  const frames = async (from: readonly number[], to: readonly number[]) =>
    (await readCapture(capture(Uint8Array.from(from), Uint8Array.from(to)), { ends })).frames.length
  expect(await frames([10, 0, 0, 1], [192, 168, 0, 1])).toBe(0)
  expect(await frames([10, 0, 0, 1], [239, 255, 255, 250])).toBe(0)
  expect(await frames([169, 254, 1, 1], [255, 255, 255, 255])).toBe(0)
  expect(await frames([10, 0, 0, 1], [8, 8, 8, 8])).toBe(1)
  expect(await frames([8, 8, 8, 8], [10, 0, 0, 1])).toBe(1)
  expect(await frames([8, 8, 8, 8], [1, 1, 1, 1])).toBe(1)
})

test('with networks that are ours, local is what is in them, and groups of hosts', async () => {
  const networks = ['10.0.0.0/9', '2001:db8::/32']
  const ends = compileEnds({ only: null, excludeLocal: true, networks })
  const { isLocal } = parseLocalNetworks(networks.join(','))
  const anyPair = fc.constantFrom<4 | 16>(4, 16).chain((bytes) => fc.tuple(anyAddress(bytes), anyAddress(bytes)))
  const property = fc.asyncProperty(anyPair, async ([from, to]) => {
    const { frames } = await readCapture(capture(from, to), { ends })
    expect(frames.length, `${from} ${to}`).toBe(isLocal(from) && isLocal(to) ? 0 : 1)
  })
  await fc.assert(property, {
    numRuns: 400,
    examples: [
      [[Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 127, 255, 255)]],
      [[Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 128, 0, 0)]],
      [[Uint8Array.of(10, 0, 0, 1), Uint8Array.of(192, 168, 0, 1)]],
    ],
  })
})
