/** What stands in the headers of a frame and in no flow → columns of `packets`: the frame is walked by the decoders, once for all of them. */
import { FAMILY_IPV4, FAMILY_IPV6 } from '../../abi/families.ts'
import type { StreamBatch } from '../../capture/frame-batch.ts'
import { formatAddress } from '../../decoders/address-text.ts'
import { read8, read16, read32, useBytes } from '../../decoders/bytes.ts'
import { frame, STOP_NONE } from '../../decoders/frame.ts'
import { LAYER_NONE, LAYER_TCP } from '../../decoders/layers.ts'
import { decodeLayer } from '../../decoders/registry.ts'
import { ACKNOWLEDGMENT_NUMBER, DATA_OFFSET, SEQUENCE_NUMBER, WINDOW } from '../../decoders/tcp.ts'
import { beginFrame } from '../../decoders/walk.ts'
import type { DuckDb } from './duckdb.ts'
import { InternedTexts, TEXT_WORDS } from './interned-texts.ts'
import type { ColumnBuffer } from './table-writer.ts'

/** In the order of their bits, RFC 9293 §3.1. */
const FLAG_LETTERS = 'FSRPAUEC'
const MAC_LENGTH = 6
/** Offsets into the IP headers of the source address, and of what limits the hops. */
const IPV4_SOURCE = 12
const IPV4_TTL = 8
const IPV6_SOURCE = 8
const IPV6_HOP_LIMIT = 7

/** The frame that was walked last: offset of its TCP header, -1 without one. */
let tcp = -1

type Write = (column: ColumnBuffer, row: number) => void

const ofIp =
  (write: Write): Write =>
  (column, row) => {
    if (frame.family === FAMILY_IPV4 || frame.family === FAMILY_IPV6) write(column, row)
    else column.setNull(row)
  }
const ofTcp =
  (write: Write): Write =>
  (column, row) => {
    if (tcp === -1) column.setNull(row)
    else write(column, row)
  }

const COLUMNS: Readonly<Record<string, Write>> = {
  ttl: ofIp((column, row) => {
    const isIpv4 = frame.family === FAMILY_IPV4
    const header = frame.source - (isIpv4 ? IPV4_SOURCE : IPV6_SOURCE)
    column.numbers[row] = read8(header + (isIpv4 ? IPV4_TTL : IPV6_HOP_LIMIT))
  }),
  ip_length: ofIp((column, row) => column.setCount(row, Math.max(0, frame.ipLength))),
  payload_length: ofIp((column, row) => column.setCount(row, Math.max(0, frame.payloadLength))),
  tcp_flags: ofTcp((column, row) => writeFlags(column, row, read8(tcp + DATA_OFFSET + 1))),
  tcp_sequence: ofTcp((column, row) => column.setCount(row, read32(tcp + SEQUENCE_NUMBER) >>> 0)),
  tcp_acknowledgment: ofTcp((column, row) => column.setCount(row, read32(tcp + ACKNOWLEDGMENT_NUMBER) >>> 0)),
  tcp_window: ofTcp((column, row) => {
    column.numbers[row] = read16(tcp + WINDOW)
  }),
  icmp_type: (column, row) => writeIcmp(column, row, frame.icmp >> 8),
  icmp_code: (column, row) => writeIcmp(column, row, frame.icmp & 0xff),
}

/** Where the frame that was walked has its link-layer addresses. */
const MACS: Readonly<Record<string, () => number>> = {
  src_mac: () => frame.sourceMac,
  dst_mac: () => frame.destinationMac,
}
/** Link-layer addresses remembered: anybody can send from any. */
const MOST_MACS = 1 << 16

export function isWalked(name: string): boolean {
  return name in COLUMNS || name in MACS
}

interface MacColumn {
  readonly column: ColumnBuffer
  readonly offset: () => number
  /** By row: the entry of the text. */
  readonly entries: Int32Array
}

export class WalkedColumns {
  readonly #others: readonly { write: Write; column: ColumnBuffer }[]
  readonly #macs: readonly MacColumn[]
  readonly #texts: InternedTexts
  readonly #entryOf = new Map<number, number>()
  readonly #linktypeOf: (interfaceId: number) => number
  readonly #none: number

  /** `rows`: of a chunk. */
  constructor(
    duckdb: DuckDb,
    columns: readonly (readonly [string, ColumnBuffer])[],
    rows: number,
    linktypeOf: (interfaceId: number) => number,
  ) {
    this.#texts = new InternedTexts(duckdb)
    this.#none = this.#texts.add(null)
    this.#linktypeOf = linktypeOf
    this.#others = columns.flatMap(([name, column]) => (name in COLUMNS ? [{ write: COLUMNS[name]!, column }] : []))
    this.#macs = columns.flatMap(([name, column]) =>
      name in MACS ? [{ column, offset: MACS[name]!, entries: new Int32Array(rows) }] : [],
    )
  }

  /** Nothing more is remembered; what was written has to be appended before. */
  get isFull(): boolean {
    return this.#entryOf.size > MOST_MACS
  }

  forget(): void {
    this.#texts.clear()
    this.#entryOf.clear()
    this.#texts.add(null)
  }

  /** Writes the columns of frames [from, to) of a batch into rows from `row` on. */
  write(batch: StreamBatch, row: number, from: number, to: number): void {
    const { memory } = batch
    useBytes(memory)
    for (let i = from, at = row; i < to; i++, at++) {
      walk(this.#linktypeOf(batch.interface[i]!), batch.data[i]!, batch.caplen[i]!, batch.origlen[i]!)
      for (const { write, column } of this.#others) write(column, at)
      for (const { offset, entries } of this.#macs) entries[at] = this.#entryAt(memory, offset())
    }
    this.#texts.settle()
    const { words } = this.#texts
    for (const { column, entries } of this.#macs) {
      for (let at = row; at < row + to - from; at++) column.setText(at, words, entries[at]!)
    }
  }

  #entryAt(memory: Uint8Array, offset: number): number {
    if (offset < 0) return this.#none
    let key = 0
    for (let i = 0; i < MAC_LENGTH; i++) key = key * 256 + memory[offset + i]!
    let entry = this.#entryOf.get(key)
    if (entry === undefined) {
      entry = this.#texts.add(formatAddress(memory.subarray(offset, offset + MAC_LENGTH)))
      this.#entryOf.set(key, entry)
    }
    return entry
  }
}

function walk(linktype: number, start: number, caplen: number, origlen: number): void {
  tcp = -1
  let layer = beginFrame(linktype, start, caplen, origlen | 0)
  while (layer !== LAYER_NONE) {
    const { at } = frame
    const next = decodeLayer(layer)
    if (layer === LAYER_TCP && frame.stopReason === STOP_NONE && frame.quoted === 0) tcp = at
    layer = next
  }
}

/** At most eight letters: they lie in the row, as the length does. */
function writeFlags(column: ColumnBuffer, row: number, flags: number): void {
  const at = row * TEXT_WORDS
  const { words } = column
  let length = 0
  words[at + 1] = 0
  words[at + 2] = 0
  words[at + 3] = 0
  for (let bit = 0; bit < FLAG_LETTERS.length; bit++) {
    if (((flags >> bit) & 1) === 0) continue
    words[at + 1 + (length >> 2)]! |= FLAG_LETTERS.charCodeAt(bit) << (8 * (length & 3))
    length++
  }
  words[at] = length
}

function writeIcmp(column: ColumnBuffer, row: number, value: number): void {
  if (frame.icmp < 0) column.setNull(row)
  else column.numbers[row] = value
}
