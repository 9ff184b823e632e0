/**
 * Kinds of addresses, by the labels that they have (labels.ts), to a program that says of the ends of a frame whether it is one
 * to count. It runs in the module on the addresses that netkit's decoders find, behind VLAN tags and the like: those of the rows.
 */
import ipaddr from 'ipaddr.js'
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC } from '../abi/families.ts'
import { ENDS_DESTINATION, ENDS_FAMILY, ENDS_SOURCE, OP_BYTE, OP_HALF, OP_WORD } from '../abi/filter-code.ts'
import { assemble } from '../filter/assemble.ts'
import { all, any, equals, hasBits, NEVER, not, type Test } from '../filter/tests.ts'
import { GROUP_LABELS, LOCAL_LABELS } from './local-networks.ts'
import { IPV4_SPECIAL_BLOCKS, IPV6_SPECIAL_BLOCKS, NO_NAME, type SpecialBlock } from './special-addresses.ts'

/** What the kinds are called, and the labels that each has. A frame without IP has the kinds of its MAC addresses. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  public: [NO_NAME],
  private: ['Private Network'],
  localhost: ['Localhost'],
  'link-local': ['Link-Local'],
  multicast: ['Multicast'],
  broadcast: ['Broadcast'],
  'carrier-nat': ['Carrier NAT'],
  documentation: ['Documentation'],
  reserved: ['Reserved'],
  unspecified: ['Unspecified', 'This Network'],
}

export const ADDRESS_KINDS: readonly string[] = Object.keys(KINDS)

export interface EndsChoice {
  /** Kinds, one of which one end at least has. Null: any. */
  readonly only: readonly string[] | null
  /** Not where both ends are local: private, loopback, link-local, or what such a host sends to several. Frames without IP are. */
  readonly excludeLocal: boolean
  /** In CIDR: what local is, in place of those kinds. */
  readonly networks?: readonly string[] | null
}

/** The text of `--only`. Throws an Error that lists the kinds. */
export function parseAddressKinds(text: string): string[] {
  const kinds = text.split(',').map((kind) => kind.trim().toLowerCase())
  const unknown = kinds.find((kind) => !Object.hasOwn(KINDS, kind))
  if (unknown !== undefined) throw new Error(`'${unknown}' is no kind of address: ${ADDRESS_KINDS.join(', ')}`)
  return kinds
}

export function compileEnds({ only, excludeLocal, networks = null }: EndsChoice): Uint32Array<ArrayBuffer> {
  const tests: Test[] = []
  if (only !== null) tests.push(any(isOf(only, ENDS_SOURCE), isOf(only, ENDS_DESTINATION)))
  if (excludeLocal) {
    const isWithoutIp = not(any(isFamily(FAMILY_IPV4), isFamily(FAMILY_IPV6)))
    tests.push(not(any(isWithoutIp, all(isLocal(networks, ENDS_SOURCE), isLocal(networks, ENDS_DESTINATION)))))
  }
  return assemble(all(...tests), [])!
}

function isLocal(networks: readonly string[] | null, at: number): Test {
  if (networks === null) return hasLabel(LOCAL_LABELS, at)
  const inNetworks = networks.map((network) =>
    all(isFamily(network.includes(':') ? FAMILY_IPV6 : FAMILY_IPV4), isIn(network, at)),
  )
  return any(...inNetworks, hasLabel(GROUP_LABELS, at))
}

function isFamily(family: number): Test {
  return equals([[OP_WORD, ENDS_FAMILY]], family)
}

function isOf(kinds: readonly string[], at: number): Test {
  return hasLabel(new Set(kinds.flatMap((kind) => KINDS[kind]!)), at)
}

function hasLabel(labels: ReadonlySet<string>, at: number): Test {
  return any(
    all(isFamily(FAMILY_IPV4), isLabelled(IPV4_SPECIAL_BLOCKS, labels, at)),
    all(isFamily(FAMILY_IPV6), isLabelled6(labels, at)),
    all(isFamily(FAMILY_MAC), isLabelledMac(labels, at)),
  )
}

/** An IPv4-mapped address has the kind of the address inside, unless that one is public. */
function isLabelled6(labels: ReadonlySet<string>, at: number): Test {
  const isMapped = isIn('::ffff:0:0/96', at)
  const isPublicInside = isLabelled(IPV4_SPECIAL_BLOCKS, new Set([NO_NAME]), at + 12)
  const inside = all(not(isPublicInside), isLabelled(IPV4_SPECIAL_BLOCKS, labels, at + 12))
  return any(all(isMapped, inside), all(not(isMapped), isLabelled(IPV6_SPECIAL_BLOCKS, labels, at)))
}

function isLabelledMac(labels: ReadonlySet<string>, at: number): Test {
  const isBroadcast = all(equals([[OP_WORD, at]], 0xffffffff), equals([[OP_HALF, at + 4]], 0xffff))
  const isGroup = all(not(isBroadcast), hasBits([[OP_BYTE, at]], 1))
  const tests = [labels.has('Broadcast') ? isBroadcast : NEVER, labels.has('Multicast') ? isGroup : NEVER]
  return any(...tests)
}

/** The longest prefix counts: each block is asked for before those that hold it. */
function isLabelled(blocks: readonly SpecialBlock[], labels: ReadonlySet<string>, at: number): Test {
  const length = (cidr: string) => Number(cidr.slice(cidr.indexOf('/') + 1))
  const shortestFirst = [...blocks].sort(([a], [b]) => length(a) - length(b))
  const otherwise: Test = { type: 'always', verdict: labels.has(NO_NAME) }
  return shortestFirst.reduce<Test>(
    (rest, [cidr, label]) => (labels.has(label) ? any(isIn(cidr, at), rest) : all(not(isIn(cidr, at)), rest)),
    otherwise,
  )
}

function isIn(cidr: string, at: number): Test {
  const [address, prefix] = ipaddr.parseCIDR(cidr)
  const bytes = address.toByteArray()
  const words = Array.from({ length: bytes.length / 4 }, (_, i) =>
    bytes.slice(4 * i, 4 * i + 4).reduce((word, byte) => word * 256 + byte, 0),
  )
  const tests = words.flatMap((word, i) => {
    const bits = Math.min(32, prefix - 32 * i)
    if (bits <= 0) return []
    return [equals([[OP_WORD, at + 4 * i]], word, bits === 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0)]
  })
  return all(...tests)
}
