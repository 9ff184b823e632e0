/**
 * Networks and what is known of them → an MMDB file, by MaxMind's "MaxMind DB File Format Specification" 2.0: a tree of nodes (two
 * records each), 16 zeros, the data, a marker, the metadata. IPv4 lies at ::/96.
 */
import { addressBytes } from '../names/address-bytes.ts'

/** Bytes stand for themselves: they may be what no value is written as. */
export type MmdbValue =
  | Buffer
  | string
  | number
  | boolean
  | readonly MmdbValue[]
  | { readonly [name: string]: MmdbValue }

export interface MmdbOptions {
  readonly type?: string
  /** Overrides of the metadata. */
  readonly metadata?: { readonly [name: string]: MmdbValue }
}

const RECORD_BITS = 24
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')

type Node = [Record | null, Record | null]
type Record = Node | { readonly data: number }

export function mmdb(networks: { readonly [cidr: string]: MmdbValue }, { type = 'Test', metadata }: MmdbOptions = {}) {
  const data: Buffer[] = []
  let dataLength = 0
  const root: Node = [null, null]
  for (const [cidr, value] of Object.entries(networks)) {
    const bytes = encode(value)
    insert(root, bitsOf(cidr), { data: dataLength })
    data.push(bytes)
    dataLength += bytes.length
  }
  const nodes: Node[] = []
  number(root, nodes)
  const ids = new Map(nodes.map((node, id) => [node, id]))
  const tree = Buffer.alloc((nodes.length * RECORD_BITS) / 4)
  const recordOf = (record: Record | null) => {
    if (record === null) return nodes.length
    return Array.isArray(record) ? ids.get(record)! : nodes.length + 16 + record.data
  }
  for (const [id, [left, right]] of nodes.entries()) {
    tree.writeUIntBE(recordOf(left), id * 6, 3)
    tree.writeUIntBE(recordOf(right), id * 6 + 3, 3)
  }
  const facts = {
    node_count: nodes.length,
    record_size: uint(5, 2, RECORD_BITS),
    ip_version: uint(5, 2, 6),
    database_type: type,
    languages: ['en'],
    binary_format_major_version: uint(5, 2, 2),
    binary_format_minor_version: uint(5, 2, 0),
    build_epoch: uint(9, 8, 1_700_000_000),
    description: { en: 'made by a test' },
    ...metadata,
  }
  return Buffer.concat([tree, Buffer.alloc(16), ...data, MARKER, encode(facts)])
}

function bitsOf(cidr: string): string {
  const [address, prefix] = cidr.split('/')
  const bytes = addressBytes(address!)
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return ''.padStart(128 - bits.length, '0') + bits.slice(0, Number(prefix))
}

function insert(root: Node, bits: string, record: Record): void {
  let node = root
  for (const bit of bits.slice(0, -1)) {
    const next = node[Number(bit)]
    if (Array.isArray(next)) node = next
    else node = node[Number(bit)] = [null, null]
  }
  node[Number(bits.at(-1))] = record
}

function number(node: Node, nodes: Node[]): void {
  nodes.push(node)
  for (const record of node) if (Array.isArray(record)) number(record, nodes)
}

/** Of type 5 (two bytes), 6 (four) or 9 (eight): libmaxminddb wants each number of the metadata in its own. */
function uint(type: number, length: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return Buffer.concat([control(type, length), bytes.subarray(8 - length)])
}

/** Types of the data section: 2 string, 6 uint32, 7 map, 11 array, 14 boolean. */
export function encode(value: MmdbValue): Buffer {
  if (Buffer.isBuffer(value)) return value
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([control(2, text.length), text])
  }
  if (typeof value === 'number') return uint(6, 4, value)
  if (typeof value === 'boolean') return control(14, value ? 1 : 0)
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)])
  const members = Object.entries(value as { readonly [name: string]: MmdbValue })
  return Buffer.concat([
    control(7, members.length),
    ...members.flatMap(([name, inside]) => [encode(name), encode(inside)]),
  ])
}

/** The type in the upper three bits, or 0 there and the type - 7 behind; the size in the lower five, up to 28 + 256. */
export function control(type: number, size: number): Buffer {
  const extended = type > 7
  const [length, more] = size < 29 ? [size, []] : [29, [size - 29]]
  return Buffer.from([((extended ? 0 : type) << 5) | length, ...(extended ? [type - 7] : []), ...more])
}
