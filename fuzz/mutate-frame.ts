/** A frame → one whose header fields lie: lengths, next headers, options, fragment bits, ports that lead into tunnels. */
import { decodeFrame } from '../src/decoders/decode-frame.ts'
import { changed, concat, edge, mutateBytes, writeUint } from './mutate-bytes.ts'
import type { Random } from './random.ts'

/** [offset, size, values worth a try] of a header's fields. All in network order. */
type Field = readonly [offset: number, size: number, values: readonly number[]]

const ETHER_TYPES = [0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8, 0x9100, 0x8847, 0x8848, 0x8863, 0x8864, 0x6558, 0x880b, 40]
const IP_PROTOCOLS = [0, 1, 4, 6, 17, 33, 41, 43, 44, 47, 50, 51, 58, 59, 60, 97, 132, 135, 136, 137, 139, 140, 253]
const PORTS = [4789, 8472, 6081, 2152, 3544, 53]

/** By the names of src/decoders/layer-names.ts. Layers that are not here get edges anywhere in their first bytes. */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  ethernet: [[12, 2, ETHER_TYPES]],
  vlan: [[2, 2, ETHER_TYPES]],
  pppoe: [
    [0, 2, [0x1100, 0x1109]],
    [4, 2, []],
    [6, 2, [0x21, 0x57, 0xc021]],
  ],
  ipv4: [
    [0, 1, [0x45, 0x46, 0x4f, 0x44, 0x40, 0x55, 0x65]],
    [2, 2, [0, 19, 20, 21, 28, 40]],
    [6, 2, [0x2000, 0x2001, 1, 0x1fff, 0x4000, 0x8000]],
    [9, 1, IP_PROTOCOLS],
    [20, 1, [0, 1, 7, 68, 131]],
    [21, 1, [0, 1, 2, 3, 40]],
  ],
  ipv6: [
    [0, 1, [0x60, 0x6f, 0x40]],
    [4, 2, [0, 1, 8, 0xffff]],
    [6, 1, IP_PROTOCOLS],
  ],
  tcp: [
    [12, 1, [0x50, 0x40, 0x00, 0x60, 0xf0]],
    [20, 1, [0, 1, 2, 3, 8, 30, 253]],
    [21, 1, [0, 1, 2, 10, 40]],
  ],
  udp: [
    [0, 2, PORTS],
    [2, 2, PORTS],
    [4, 2, [0, 7, 8, 9]],
  ],
  gre: [
    [0, 2, [0, 0x2000, 0x8000, 0xb000, 0x3081, 0x4000, 0x0001]],
    [2, 2, ETHER_TYPES],
  ],
  mpls: [[2, 1, [0, 1]]],
  geneve: [
    [0, 1, [0, 1, 0x3f, 0x40]],
    [2, 2, ETHER_TYPES],
  ],
  vxlan: [[0, 1, [0, 8, 0x0c]]],
  'gtp-u': [
    [0, 1, [0x30, 0x32, 0x34, 0x36, 0x37, 0x50]],
    [2, 2, []],
    [11, 1, [0, 0x85]],
    [12, 1, [0, 1, 255]],
  ],
}
const EXTENSION: readonly Field[] = [
  [0, 1, IP_PROTOCOLS],
  [1, 1, [0, 1, 2, 31, 255]],
  [2, 2, [0, 1, 8, 0xfff8, 0xfff9]],
]

/** One change. `other` is a frame to take parts from. */
export function mutateFrame(frame: Uint8Array, linktype: number, other: Uint8Array, random: Random): Uint8Array {
  const kind = random.below(10)
  if (kind < 2 || frame.length === 0) return mutateBytes(frame, other, random)
  const { layers } = decodeFrame(frame, linktype)
  if (layers.length === 0) return mutateBytes(frame, other, random)
  const { layer, offset } = random.pick(layers)
  if (kind === 2) return frame.slice(0, offset + random.below(64))
  // Another frame's inside behind this header, or this header twice.
  if (kind === 3) return concat(frame.subarray(0, offset), other.subarray(random.below(Math.min(64, other.length))))
  if (kind === 4) return concat(frame.subarray(0, offset + 4 * random.below(12)), frame.subarray(offset))
  const fields = FIELDS[layer] ?? (layer.startsWith('ipv6-') ? EXTENSION : null)
  if (fields === null || kind === 5) {
    const size = random.pick([1, 2])
    const at = offset + random.below(16)
    return changed(frame, (copy) => writeUint(copy, at, size, edge(random, 8 * size), random.oneIn(8)))
  }
  const [at, size, values] = random.pick(fields)
  const left = frame.length - offset
  const value =
    values.length > 0 && !random.oneIn(4)
      ? random.pick(values)
      : random.pick([left, left - 1, left + 1, edge(random, 8 * size)])
  return changed(frame, (copy) => writeUint(copy, offset + at, size, Math.max(0, value), false))
}
