/**
 * The host side of the parser: one module instance, with the flow table and the interfaces that all its streams share.
 */
import { FAMILY_EVICTED } from '../abi/families.ts'
import { KEY_MAC } from '../abi/key-fields.ts'
import * as layout from '../abi/layout.ts'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import { Counter } from './counter.ts'
import type { FlowTable } from './flow-row.ts'
import { createFlowTable } from './flow-rows.ts'
import { FlowTimes } from './flow-times.ts'
import { type CaptureInstance, instantiate, type ReaderAddress } from './module.ts'
import type { Source } from './source.ts'
import { CaptureStream } from './stream.ts'
import { TcpHealth } from './tcp-health.ts'

/** What bytes are counted: of whole frames on the wire, of IP packets, or of what TCP, UDP and the like carry. */
export type Basis = 'frame' | 'ip' | 'payload'

export interface ParserOptions {
  /** KEY_ bits: what tells one flow from another. */
  readonly keyFields: number
  /** What the `length` column counts. Default: `frame`, the original length. */
  readonly basis?: Basis
  /** Nanoseconds since 1970-01-01 UTC: only frames of [sinceNs, untilNs) get into batches. */
  readonly sinceNs?: bigint | undefined
  readonly untilNs?: bigint | undefined
  /** Only frames that it takes get into batches. */
  readonly filter?: CompiledFilter | undefined
  /** A program about the ends of frames, see names/address-kinds.ts: only frames that it takes get into batches. */
  readonly ends?: Uint32Array<ArrayBuffer> | undefined
  /** Count by the innermost IP header of tunnels in place of the outermost. */
  readonly inner?: boolean
  /** Mark the frames that can hold a name, see {@link CaptureStream.nameFrames}, and keep the blocks of names. */
  readonly names?: boolean | undefined
  /** Go on behind damage, see {@link CaptureStream.losses}. Default: it ends reading. */
  readonly salvage?: boolean | undefined
  /** Bytes read at once from a source. Default 1 MiB, which stays in the cache; no result depends on it. */
  readonly chunkBytes?: number
  /** Where counting may pause, see SEGMENT_BYTES. Tests have smaller ones. */
  readonly segmentBytes?: number | undefined
}

/** One interface of the capture. Counters from pcapng statistics; null when the capture does not say. */
export interface CaptureInterface {
  /** As the capture calls it, such as `eth0`: text from a stranger, unchecked. */
  readonly name: string | null
  /** LINKTYPE_ number (tcpdump.org/linktypes.html); `linktypeName` has its name. */
  readonly linktype: number
  /** Bytes of a frame that were captured at most; advisory, 0 for no limit. */
  readonly snaplen: number
  /** Frames that were counted, and their original bytes. */
  readonly counted: { readonly packets: number; readonly bytes: number }
  /** Frames outside the time range, or that the filter does not take: how many, their original bytes, and what they would count for by the basis. */
  readonly filtered: { readonly packets: number; readonly bytes: number; readonly length: number }
  /** Packets that it received while capturing (pcapng, isb_ifrecv). */
  readonly received: number | null
  /** Packets that it dropped for want of resources (pcapng, isb_ifdrop). */
  readonly dropped: number | null
  /** Lowest and highest of its timestamps that 64 bits of nanoseconds cannot hold (before 1677, after 2262), exact. */
  readonly farTimes: readonly [bigint, bigint] | null
}

/** The body of a Name Resolution Block. */
export interface NameBlock {
  readonly body: Uint8Array
  readonly isBigEndian: boolean
}

const BASES = { frame: layout.BASIS_FRAME, ip: layout.BASIS_IP, payload: layout.BASIS_PAYLOAD }
const DEFAULT_CHUNK_BYTES = 1 << 20
const EARLIEST = -(2n ** 63n)
const LATEST = 2n ** 63n - 1n

/** Into 64 bits: crossing into the module, a larger number would wrap. */
function clamp(ns: bigint): bigint {
  if (ns < EARLIEST) return EARLIEST
  return ns > LATEST ? LATEST : ns
}

export class Parser {
  readonly flows: FlowTable
  readonly #instance: CaptureInstance
  readonly #chunkBytes: number
  readonly #segmentBytes: number | undefined
  readonly #salvage: boolean
  readonly #filter: CompiledFilter | undefined
  readonly basis: Basis
  readonly #rowLength: number
  /** Readers of closed streams. Their memory cannot be given back, so it is used again. */
  readonly #idle: ReaderAddress[] = []
  readonly #open = new Set<CaptureStream>()
  /**
   * Called when a stream has marked frames that can hold a name and none that counts, so that no batch is handed out: before their
   * bytes go. Null: it is done.
   */
  onMarked: (stream: CaptureStream) => Promise<unknown> | null = () => null

  /** `module`: the compiled build/netkit.wasm. */
  constructor(module: WebAssembly.Module, options: ParserOptions) {
    this.#instance = instantiate(module)
    this.#segmentBytes = options.segmentBytes
    this.#salvage = options.salvage ?? false
    this.#filter = options.filter
    this.basis = options.basis ?? 'frame'
    this.#chunkBytes = options.chunkBytes ?? DEFAULT_CHUNK_BYTES
    const { exports } = this.#instance
    const seed = crypto.getRandomValues(new BigUint64Array(1))
    exports.configureFlowTable(options.keyFields, seed[0] ?? 0n)
    exports.setLengthBasis(BASES[this.basis])
    if (options.inner) exports.setTunnels(1, 1)
    if (options.names) exports.markNames(1)
    if (options.sinceNs !== undefined || options.untilNs !== undefined) {
      exports.setTimeRange(clamp(options.sinceNs ?? EARLIEST), clamp(options.untilNs ?? LATEST))
    }
    if (options.filter !== undefined) this.#useFilter(options.filter)
    if (options.ends !== undefined) this.#useEnds(options.ends)
    this.#rowLength = (options.keyFields & KEY_MAC) !== 0 ? layout.ROW_LENGTH_WITH_MACS : layout.ROW_LENGTH
    this.flows = createFlowTable(this.#instance, (options.keyFields & KEY_MAC) !== 0)
  }

  /**
   * Starts reading a source. Several streams may be open at once: they share flows and interfaces. Only one of them may be
   * reading, though: a frame of one can grow the memory into which another's bytes are being written.
   */
  open(source: Source): CaptureStream {
    const reader = this.#idle.pop()
    if (reader !== undefined) this.#instance.exports.resetReader(reader)
    const { createReader } = this.#instance.exports
    const stream = new CaptureStream(this.#instance, reader ?? createReader(this.#chunkBytes), source, {
      segmentBytes: this.#segmentBytes,
      salvage: this.#salvage,
      filter: this.#filter,
      onMarked: (from) => this.onMarked(from),
    })
    this.#open.add(stream)
    return stream
  }

  #useEnds(program: Uint32Array): void {
    const { exports, memory } = this.#instance
    const at = exports.endsRoom(program.byteLength) >>> 0
    new Uint32Array(memory.buffer, at, program.length).set(program)
    exports.useFilter(1)
  }

  /** Programs of the filter, for the module. */
  #useFilter({ table }: CompiledFilter): void {
    const { exports, memory } = this.#instance
    const at = exports.filterRoom(table.byteLength) >>> 0
    new Uint32Array(memory.buffer, at, table.length).set(table)
    exports.setFilter()
    exports.useFilter(1)
  }

  /** Ends a stream and its source. The stream must not be used again. */
  async close(stream: CaptureStream): Promise<void> {
    this.#open.delete(stream)
    this.#idle.push(stream.reader)
    await stream.source.close()
  }

  /**
   * Forgets all flows, so that a capture without end needs no memory without end: ids begin at 0 again. No batch may be in use,
   * of any stream.
   */
  forgetFlows(): void {
    this.#instance.exports.clearFlowTable()
  }

  /** Rows of the flows from `first` on, as they lie in the module's memory: a parser with the same key takes them. */
  exportFlows(first: number): Uint8Array<ArrayBuffer> {
    const { exports, memory } = this.#instance
    const count = exports.flowCount() - first
    const rows = new Uint8Array(count * this.#rowLength)
    const pageFlows = 1 << layout.ROWS_PER_PAGE_BITS
    for (let flow = first, end = 0; flow < first + count; flow = end) {
      end = Math.min(first + count, (Math.floor(flow / pageFlows) + 1) * pageFlows)
      const part = new Uint8Array(memory.buffer, exports.flowRow(flow) >>> 0, (end - flow) * this.#rowLength)
      rows.set(part, (flow - first) * this.#rowLength)
    }
    return rows
  }

  /** Ids here of flows whose rows another parser has exported, in their order. New ones are added. */
  importFlows(rows: Uint8Array): Uint32Array {
    const { exports, memory } = this.#instance
    const ids = new Uint32Array(rows.length / this.#rowLength)
    const rowsAt = exports.flowExchange() >>> 0
    for (let i = 0; i < ids.length; i += layout.FLOWS_TOGETHER) {
      const count = Math.min(layout.FLOWS_TOGETHER, ids.length - i)
      const part = rows.subarray(i * this.#rowLength, (i + count) * this.#rowLength)
      new Uint8Array(memory.buffer, rowsAt, part.length).set(part)
      const idsAt = exports.findRows(count) >>> 0
      ids.set(new Uint32Array(memory.buffer, idsAt, count), i)
    }
    return ids
  }

  /** Forgets all flows but those; their ids follow that of a flow, 0, which stands for all that were evicted. */
  keepFlows(kept: Uint32Array): void {
    const all = this.exportFlows(0)
    const newIds = new Uint32Array(all.length / this.#rowLength)
    for (let i = 0; i < kept.length; i++) newIds[kept[i]!] = i + 1
    // Frames of other inputs that wait for their turn.
    for (const stream of this.#open) stream.renameFlows(newIds)
    const rows = new Uint8Array((kept.length + 1) * this.#rowLength)
    new DataView(rows.buffer).setUint16(layout.ROW_FAMILY, FAMILY_EVICTED, true)
    for (let i = 0; i < kept.length; i++) {
      const from = kept[i]! * this.#rowLength
      rows.set(all.subarray(from, from + this.#rowLength), (i + 1) * this.#rowLength)
    }
    this.forgetFlows()
    this.importFlows(rows)
  }

  /** Bytes of a row that {@link exportFlows} gives. */
  get rowLength(): number {
    return this.#rowLength
  }

  /** Frames that were marked since the last call of {@link forgetNameFrames}: what is marked depends on those before. */
  get nameFrames(): number {
    return this.#instance.exports.nameFrames()
  }

  /** What is marked from here on depends on nothing before. */
  forgetNameFrames(): void {
    this.#instance.exports.forgetNameFrames()
  }

  /** Takes the bodies of the blocks of names (pcapng) out that were read since the last call. */
  takeNameBlocks(): NameBlock[] {
    const { exports, memory } = this.#instance
    const length = exports.takeNameBlocks() >>> 0
    const blocks: NameBlock[] = []
    if (length === 0) return blocks
    const bytes = new Uint8Array(memory.buffer, exports.nameBlocks() >>> 0, length)
    const view = viewOf(bytes)
    for (let at = 0; at < length; ) {
      const start = at + layout.NAME_BLOCK_HEADER_LENGTH
      const end = start + view.getUint32(at, true)
      const isBigEndian = view.getUint32(at + layout.NAME_BLOCK_SWAPPED, true) !== 0
      blocks.push({ body: bytes.slice(start, end), isBigEndian })
      at = end
    }
    return blocks
  }

  /** Once, before the first frame; the key has addresses and ports. See {@link TcpHealth}. */
  createTcpHealth(mostConversations: number): TcpHealth {
    return new TcpHealth(this.#instance, mostConversations)
  }

  /** A counter of frames of this parser's streams. */
  createCounter(): Counter {
    return new Counter(this.#instance)
  }

  /** Notes when flows of this parser's streams were seen. */
  createFlowTimes(): FlowTimes {
    return new FlowTimes(this.#instance)
  }

  /** Interfaces met so far. */
  get interfaceCount(): number {
    return this.#instance.exports.interfaceCount()
  }

  /** All interfaces met so far, by id. */
  interfaces(): CaptureInterface[] {
    return Array.from({ length: this.interfaceCount }, (_, id) => this.interface(id))
  }

  /** Takes the counts of interfaces, by id, out: they are those since the last call. */
  takeInterfaceCounts(): Uint8Array<ArrayBuffer>[] {
    return this.#interfaceRows().map((row) => {
      const counts = row.slice()
      row.fill(0, layout.INTERFACE_FILTERED_FRAMES, layout.INTERFACE_TSRESOL)
      row.fill(0, layout.INTERFACE_FAR_LOWEST)
      return counts
    })
  }

  /** Adds counts that another parser of the same interfaces has taken out. */
  addInterfaceCounts(counts: readonly Uint8Array<ArrayBuffer>[]): void {
    for (const [id, row] of this.#interfaceRows().entries()) {
      if (counts[id] !== undefined) addInterfaceRow(viewOf(row), viewOf(counts[id]))
    }
  }

  #interfaceRows(): Uint8Array<ArrayBuffer>[] {
    const { exports, memory } = this.#instance
    return Array.from(
      { length: this.interfaceCount },
      (_, id) => new Uint8Array(memory.buffer, exports.interfaceRow(id) >>> 0, layout.INTERFACE_LENGTH),
    )
  }

  /** An interface that a batch or a flow row names. */
  interface(id: number): CaptureInterface {
    const { exports, memory } = this.#instance
    return readInterface(new DataView(memory.buffer), exports.interfaceRow(id) >>> 0)
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(buffer, byteOffset, length)
}

const SUMS = [
  layout.INTERFACE_FRAMES,
  layout.INTERFACE_BYTES,
  layout.INTERFACE_FILTERED_FRAMES,
  layout.INTERFACE_FILTERED_BYTES,
  layout.INTERFACE_FILTERED_LENGTH,
]

/** `from` is what came later: the last statistics hold, as inside one reader. */
function addInterfaceRow(to: DataView, from: DataView): void {
  for (const field of SUMS) to.setBigUint64(field, to.getBigUint64(field, true) + from.getBigUint64(field, true), true)
  const flags = from.getUint32(layout.INTERFACE_FLAGS, true)
  const before = to.getUint32(layout.INTERFACE_FLAGS, true)
  const copy = (field: number) => to.setBigUint64(field, from.getBigUint64(field, true), true)
  if ((flags & layout.HAS_RECEIVED) !== 0) copy(layout.INTERFACE_RECEIVED)
  if ((flags & layout.HAS_DROPPED) !== 0) copy(layout.INTERFACE_DROPPED)
  if ((flags & layout.HAS_FAR_TIMES) !== 0) {
    const isFirst = (before & layout.HAS_FAR_TIMES) === 0
    const long = (view: DataView, field: number) => view.getBigUint64(field, true)
    const isLower = long(from, layout.INTERFACE_FAR_LOWEST) < long(to, layout.INTERFACE_FAR_LOWEST)
    const isHigher = long(from, layout.INTERFACE_FAR_HIGHEST) > long(to, layout.INTERFACE_FAR_HIGHEST)
    if (isFirst || isLower) copy(layout.INTERFACE_FAR_LOWEST)
    if (isFirst || isHigher) copy(layout.INTERFACE_FAR_HIGHEST)
  }
  to.setUint32(layout.INTERFACE_FLAGS, before | flags, true)
}

const decoder = new TextDecoder()

function readInterface(view: DataView, at: number): CaptureInterface {
  const word = (offset: number) => view.getUint32(at + offset, true)
  const long = (offset: number) => Number(view.getBigUint64(at + offset, true))
  const flags = word(layout.INTERFACE_FLAGS)
  const nameLength = word(layout.INTERFACE_NAME_LENGTH)
  const name = new Uint8Array(view.buffer, word(layout.INTERFACE_NAME), nameLength)
  return {
    name: nameLength === 0 ? null : decoder.decode(name),
    linktype: word(layout.INTERFACE_LINKTYPE),
    snaplen: word(layout.INTERFACE_SNAPLEN),
    counted: { packets: long(layout.INTERFACE_FRAMES), bytes: long(layout.INTERFACE_BYTES) },
    filtered: {
      packets: long(layout.INTERFACE_FILTERED_FRAMES),
      bytes: long(layout.INTERFACE_FILTERED_BYTES),
      length: long(layout.INTERFACE_FILTERED_LENGTH),
    },
    received: (flags & layout.HAS_RECEIVED) !== 0 ? long(layout.INTERFACE_RECEIVED) : null,
    dropped: (flags & layout.HAS_DROPPED) !== 0 ? long(layout.INTERFACE_DROPPED) : null,
    farTimes: (flags & layout.HAS_FAR_TIMES) !== 0 ? readFarTimes(view, at) : null,
  }
}

/** Ticks → nanoseconds since 1970 without a bound, rounded down (draft-ietf-opsawg-pcapng §4.2, if_tsresol). */
function readFarTimes(view: DataView, at: number): [bigint, bigint] {
  const tsresol = view.getUint32(at + layout.INTERFACE_TSRESOL, true)
  const offset = view.getBigInt64(at + layout.INTERFACE_TSOFFSET, true)
  const power = BigInt(tsresol & 0x7f)
  const perSecond = (tsresol & 0x80) !== 0 ? 2n ** power : 10n ** power
  const nanoseconds = (field: number) =>
    (view.getBigUint64(at + field, true) * 1_000_000_000n) / perSecond + offset * 1_000_000_000n
  return [nanoseconds(layout.INTERFACE_FAR_LOWEST), nanoseconds(layout.INTERFACE_FAR_HIGHEST)]
}
