/**
 * Frames and flows written by hand to the interfaces that the parser fills: batches in the memory of the module, and a flow
 * table that is not. Flow ids below 16384 have room in a tally, whatever the module's own table holds.
 */
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC, FAMILY_NONE } from '../../src/abi/families.ts'
import { BATCH_FRAMES, COLUMN_PROTOCOL, COLUMN_TIME, INTERFACE_BYTES, INTERFACE_FRAMES } from '../../src/abi/layout.ts'
import { viewColumns } from '../../src/capture/columns.ts'
import { Counter } from '../../src/capture/counter.ts'
import type { FlowRow, FlowTable } from '../../src/capture/flow-row.ts'
import type { StreamBatch } from '../../src/capture/frame-batch.ts'
import { type CaptureInstance, instantiate, type ReaderAddress } from '../../src/capture/module.ts'
import { STOP_NONE } from '../../src/decoders/frame.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { pcapHeader } from './build-capture.ts'

/** The least that a file header needs. */
const READER_BYTES = 64

export interface TestFrame {
  readonly flow: number
  readonly length: number
  /** NO_TIME for a frame without one. */
  readonly time: bigint
  /** `length` unless given. */
  readonly caplen?: number
  /** `length` unless given. */
  readonly origlen?: number
  /** 0 unless given. */
  readonly interface?: number
  /** STOP_NONE unless given. */
  readonly stop?: number
}

/**
 * An instance of the module, with batches filled by hand and counters over them. A tally stays in its memory for good, so a
 * test of many runs makes a new one for each.
 */
export class TestModule {
  readonly #instance: CaptureInstance
  /** Their columns are used in turn. */
  readonly #readers: readonly ReaderAddress[]
  #made = 0

  /** `batches` can be in use at once. Frames may name `interfaces`. */
  constructor({ batches = 4, interfaces = 1 } = {}) {
    const instance = instantiate(loadCaptureModule())
    instance.exports.configureFlowTable(0, 0n)
    this.#instance = instance
    this.#readers = Array.from({ length: batches }, () => instance.exports.createReader(READER_BYTES))
    for (let i = 0; i < interfaces; i++) describeInterface(instance, this.#readers[0]!)
  }

  createCounter(): Counter {
    return new TestCounter(this.#instance)
  }

  /** At most BATCH_FRAMES frames. Their protocols are those of their flows, or none where there is no table. */
  frameBatch(frames: readonly TestFrame[], table: FlowTable | null = null): StreamBatch {
    if (frames.length > BATCH_FRAMES) throw new RangeError(`${frames.length} frames do not fit into a batch`)
    const { exports, memory } = this.#instance
    const reader = this.#readers[this.#made++ % this.#readers.length]!
    const batch = viewColumns(memory.buffer, exports.readerColumns(reader) >>> 0)
    const times = new BigInt64Array(memory.buffer, batch.columns + COLUMN_TIME, BATCH_FRAMES)
    const protocols = new Uint32Array(memory.buffer, batch.columns + COLUMN_PROTOCOL, BATCH_FRAMES)
    for (const [i, { flow, length, time, caplen, origlen, interface: id, stop }] of frames.entries()) {
      times[i] = time
      batch.flow[i] = flow
      batch.length[i] = length
      batch.origlen[i] = origlen ?? length
      batch.caplen[i] = caplen ?? length
      batch.interface[i] = id ?? 0
      batch.stop[i] = stop ?? STOP_NONE
      protocols[i] = table === null ? 0 : protocolOf(table.row(flow))
    }
    batch.count = frames.length
    owners.set(batch, this.#instance)
    return batch
  }

  /** Frames and bytes that were noted of an interface. */
  interfaceCounts(id: number): { readonly packets: bigint; readonly bytes: bigint } {
    const { exports, memory } = this.#instance
    const view = new DataView(memory.buffer, exports.interfaceRow(id) >>> 0)
    return { packets: view.getBigUint64(INTERFACE_FRAMES, true), bytes: view.getBigUint64(INTERFACE_BYTES, true) }
  }
}

/** As the module notes it. */
function protocolOf({ family, protocol }: FlowRow): number {
  return family * 0x10000 + protocol
}

const owners = new WeakMap<StreamBatch, CaptureInstance>()

/** Refuses the batches of another instance: their addresses mean something else here. */
class TestCounter extends Counter {
  readonly #instance: CaptureInstance

  constructor(instance: CaptureInstance) {
    super(instance)
    this.#instance = instance
  }

  override note(batch: StreamBatch, start: number, end: number): void {
    if (owners.get(batch) !== this.#instance) throw new Error('the batch is one of another TestModule')
    super.note(batch, start, end)
  }
}

/** A pcap file is an interface. */
function describeInterface({ exports, memory }: CaptureInstance, reader: ReaderAddress): void {
  const header = pcapHeader({})
  exports.resetReader(reader)
  exports.makeRoom(reader)
  new Uint8Array(memory.buffer, exports.writeAddress(reader) >>> 0, header.length).set(header)
  exports.push(reader, header.length)
  exports.parse(reader, BATCH_FRAMES)
}

let current: TestModule | null = null

/** Batches and counters of the two functions below have nothing to do with those before. */
export function renewTestModule(): void {
  current = null
}

export function frameBatch(frames: readonly TestFrame[], table: FlowTable | null = null): StreamBatch {
  current ??= new TestModule()
  return current.frameBatch(frames, table)
}

/** A counter for what {@link frameBatch} gives. */
export function createTestCounter(): Counter {
  current ??= new TestModule()
  return current.createCounter()
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
