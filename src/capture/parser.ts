/**
 * The host side of the parser: one module instance, with the flow table and the interfaces that all its streams share.
 */
import { KEY_MAC } from '../abi/key-fields.ts'
import * as layout from '../abi/layout.ts'
import type { FlowTable } from './flow-row.ts'
import { createFlowTable } from './flow-rows.ts'
import { type CaptureInstance, instantiate, type ReaderAddress } from './module.ts'
import type { Source } from './source.ts'
import { CaptureStream } from './stream.ts'

export type Basis = 'frame' | 'ip' | 'payload'

export interface ParserOptions {
  /** KEY_ bits: what tells one flow from another. */
  readonly keyFields: number
  /** What the `length` column counts. Default: `frame`, the original length. */
  readonly basis?: Basis
  /** Nanoseconds since 1970-01-01 UTC: only frames of [sinceNs, untilNs) get into batches. */
  readonly sinceNs?: bigint | undefined
  readonly untilNs?: bigint | undefined
  /** Count by the innermost IP header of tunnels in place of the outermost. */
  readonly inner?: boolean
  /** Bytes read at once from a source. Default 1 MiB, which stays in the cache; no result depends on it. */
  readonly chunkBytes?: number
}

/** One interface of the capture. Counters from pcapng statistics; null when the capture does not say. */
export interface CaptureInterface {
  readonly name: string | null
  readonly linktype: number
  readonly snaplen: number
  /** Frames outside the time range: how many, their original bytes, and what they would count for by the basis. */
  readonly filtered: { readonly packets: number; readonly bytes: number; readonly length: number }
  readonly received: number | null
  readonly dropped: number | null
  /** Lowest and highest of its timestamps that 64 bits of nanoseconds cannot hold (before 1677, after 2262), exact. */
  readonly farTimes: readonly [bigint, bigint] | null
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
  /** Readers of closed streams. Their memory cannot be given back, so it is used again. */
  readonly #idle: ReaderAddress[] = []

  /** `module`: the compiled build/netkit.wasm. */
  constructor(module: WebAssembly.Module, options: ParserOptions) {
    this.#instance = instantiate(module)
    this.#chunkBytes = options.chunkBytes ?? DEFAULT_CHUNK_BYTES
    const { exports } = this.#instance
    const seed = crypto.getRandomValues(new BigUint64Array(1))
    exports.configureFlowTable(options.keyFields, seed[0] ?? 0n)
    exports.setLengthBasis(BASES[options.basis ?? 'frame'])
    if (options.inner) exports.setTunnels(1, 1)
    if (options.sinceNs !== undefined || options.untilNs !== undefined) {
      exports.setTimeRange(clamp(options.sinceNs ?? EARLIEST), clamp(options.untilNs ?? LATEST))
    }
    this.flows = createFlowTable(this.#instance, (options.keyFields & KEY_MAC) !== 0)
  }

  /**
   * Starts reading a source. Several streams may be open at once: they share flows and interfaces. Only one of them may be
   * reading, though: a frame of one can grow the memory into which another's bytes are being written.
   */
  open(source: Source): CaptureStream {
    const reader = this.#idle.pop()
    if (reader !== undefined) this.#instance.exports.resetReader(reader)
    return new CaptureStream(this.#instance, reader ?? this.#instance.exports.createReader(this.#chunkBytes), source)
  }

  /** Ends a stream and its source. The stream must not be used again. */
  async close(stream: CaptureStream): Promise<void> {
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

  /** Interfaces met so far. */
  get interfaceCount(): number {
    return this.#instance.exports.interfaceCount()
  }

  /** All interfaces met so far, by id. */
  interfaces(): CaptureInterface[] {
    return Array.from({ length: this.interfaceCount }, (_, id) => this.interface(id))
  }

  /** An interface that a batch or a flow row names. */
  interface(id: number): CaptureInterface {
    const { exports, memory } = this.#instance
    return readInterface(new DataView(memory.buffer), exports.interfaceRow(id) >>> 0)
  }
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
