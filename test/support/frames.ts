/** Frames and flows written by hand to the interfaces that the parser fills: frame batches and a flow table. */
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC, FAMILY_NONE } from '../../src/abi/families.ts'
import type { FlowRow, FlowTable } from '../../src/capture/flow-row.ts'
import type { FrameBatch } from '../../src/capture/frame-batch.ts'

export interface TestFrame {
  readonly flow: number
  readonly length: number
  /** NO_TIME for a frame without one. */
  readonly time: bigint
  /** `length` unless given. */
  readonly caplen?: number
}

export function frameBatch(frames: readonly TestFrame[]): FrameBatch {
  const time = new BigInt64Array(frames.map((frame) => frame.time))
  return {
    count: frames.length,
    flow: Uint32Array.from(frames, (frame) => frame.flow),
    length: Uint32Array.from(frames, (frame) => frame.length),
    origlen: Uint32Array.from(frames, (frame) => frame.length),
    caplen: Uint32Array.from(frames, (frame) => frame.caplen ?? frame.length),
    time: new Uint32Array(time.buffer),
  }
}

export interface TestFlow {
  /** `192.0.2.1`, `2001:db8::1`, `02:00:00:00:00:01`; both left out for a flow without addresses. */
  readonly src?: string
  readonly dst?: string
  readonly protocol?: number
  readonly sourcePort?: number
  readonly destinationPort?: number
  /** VIDs from the outermost, at most two. */
  readonly vlans?: readonly number[]
  readonly interface?: number
  readonly sourceMac?: string
  readonly destinationMac?: string
}

/** A table of the given flows; as in the parser, one row object is filled again for every read. */
export function flowTable(flows: readonly TestFlow[]): FlowTable {
  const rows = flows.map(flowRow)
  const reused = { ...flowRow({}) }
  return {
    get size() {
      return flows.length
    },
    row(id) {
      if (id >= rows.length) rows.push(...flows.slice(rows.length).map(flowRow))
      return Object.assign(reused, rows[id])
    },
  }
}

function flowRow(flow: TestFlow): FlowRow {
  const source = addressBytes(flow.src ?? '')
  const vlans = flow.vlans ?? []
  return {
    family: { 0: FAMILY_NONE, 4: FAMILY_IPV4, 6: FAMILY_MAC, 16: FAMILY_IPV6 }[source.length] ?? FAMILY_NONE,
    protocol: flow.protocol ?? 0,
    sourcePort: flow.sourcePort ?? 0,
    destinationPort: flow.destinationPort ?? 0,
    vlan: (vlans[0] === undefined ? 0 : vlans[0] + 1) + (vlans[1] === undefined ? 0 : (vlans[1] + 1) * 0x10000),
    interface: flow.interface ?? 0,
    source,
    destination: addressBytes(flow.dst ?? ''),
    sourceMac: addressBytes(flow.sourceMac ?? '00:00:00:00:00:00'),
    destinationMac: addressBytes(flow.destinationMac ?? '00:00:00:00:00:00'),
  }
}

/** Bytes of an address as people type it: IPv4, MAC, or IPv6 without a dotted part. */
export function addressBytes(text: string): Uint8Array {
  if (text === '') return new Uint8Array(0)
  if (text.includes('.')) return Uint8Array.from(text.split('.'), Number)
  if (/^(..:){5}..$/.test(text)) return Uint8Array.from(text.split(':'), (octet) => Number.parseInt(octet, 16))
  const [head, tail] = text.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const zeros = tail === undefined ? [] : new Array<string>(8 - head!.length - tail.length).fill('0')
  const groups = [...head!, ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16))
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}
