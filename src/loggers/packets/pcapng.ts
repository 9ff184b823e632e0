/**
 * Frames → pcapng (draft-ietf-opsawg-pcapng): one section, little-endian, with an Interface Description for every interface that
 * was met, timestamps in nanoseconds, an Enhanced Packet Block a frame, and Interface Statistics where the capture had them.
 *
 * What else a pcapng file can hold (comments, names, secrets, flags) is not carried over. Neither is a time before 1970: the
 * format counts from there.
 */
import type { StreamBatch } from '../../capture/frame-batch.ts'
import type { CaptureInterface } from '../../capture/parser.ts'
import {
  NOTHING,
  type PacketContext,
  type PacketFormat,
  type PacketFormatOptions,
  type PacketPiece,
} from './packet-format.ts'

/** Flows are not looked at. */
export const PCAPNG_KEY_FIELDS = 0

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const SIMPLE_PACKET = 3
const INTERFACE_STATISTICS = 5
const ENHANCED_PACKET = 6
const BYTE_ORDER_MAGIC = 0x1a2b3c4d

const OPT_USER_APPLICATION = 4
const OPT_IF_NAME = 2
const OPT_IF_TSRESOL = 9
const OPT_ISB_IFRECV = 4
const OPT_ISB_IFDROP = 5
/** Powers of ten. */
const NANOSECONDS = 9

/** Type, length, and the length again behind the body. */
const BLOCK_OVERHEAD = 12
const ENHANCED_PACKET_FIELDS = 20
const SIMPLE_PACKET_FIELDS = 4

const encoder = new TextEncoder()

export function createPcapngFormat(context: PacketContext, options: PacketFormatOptions): PacketFormat {
  const { pieceBytes, snaplen = 0 } = options
  /** Interfaces that the file at hand describes: those with lower ids. So ids are the same in every file. */
  let described = 0
  /** Snaplen of interface 0, of which alone a Simple Packet Block can be. */
  let simpleSnaplen = 0
  /** Time of the last frame, as two words. */
  let lastTime: readonly [low: number, high: number] = [0, 0]

  const cut = (length: number) => (snaplen > 0 && length > snaplen ? snaplen : length)

  function describe(from: number): Uint8Array[] {
    const interfaces = context.interfaces()
    described = interfaces.length
    if (interfaces.length > 0) simpleSnaplen = snaplenOf(interfaces[0]!, snaplen)
    return interfaces.slice(from).map((one) => interfaceBlock(one, snaplenOf(one, snaplen)))
  }

  /** A frame without a time is a Simple Packet Block where that says how much of it was captured, else it is one of 1970. */
  function isSimple(batch: StreamBatch, i: number): boolean {
    const high = batch.time[2 * i + 1]! | 0
    if (high >= 0 || batch.interface[i] !== 0) return false
    const origlen = batch.origlen[i]!
    return cut(batch.caplen[i]!) === (simpleSnaplen === 0 ? origlen : Math.min(simpleSnaplen, origlen))
  }

  function blockLength(batch: StreamBatch, i: number): number {
    const fields = isSimple(batch, i) ? SIMPLE_PACKET_FIELDS : ENHANCED_PACKET_FIELDS
    return BLOCK_OVERHEAD + fields + padded(cut(batch.caplen[i]!))
  }

  function writeBlock(bytes: Uint8Array, view: DataView, at: number, batch: StreamBatch, i: number): number {
    const caplen = cut(batch.caplen[i]!)
    const simple = isSimple(batch, i)
    const length = blockLength(batch, i)
    view.setUint32(at, simple ? SIMPLE_PACKET : ENHANCED_PACKET, true)
    view.setUint32(at + 4, length, true)
    let fields = at + 8
    if (!simple) {
      const timed = (batch.time[2 * i + 1]! | 0) >= 0
      const low = timed ? batch.time[2 * i]! : 0
      const high = timed ? batch.time[2 * i + 1]! : 0
      if (timed) lastTime = [low, high]
      view.setUint32(fields, batch.interface[i]!, true)
      view.setUint32(fields + 4, high, true)
      view.setUint32(fields + 8, low, true)
      view.setUint32(fields + 12, caplen, true)
      fields += 16
    }
    view.setUint32(fields, batch.origlen[i]!, true)
    const data = batch.data[i]!
    bytes.set(batch.memory.subarray(data, data + caplen), fields + 4)
    view.setUint32(at + length - 4, length, true)
    return at + length
  }

  function* pieces(batch: StreamBatch, start: number, end: number): Generator<PacketPiece> {
    for (let from = start; from < end; ) {
      let to = from
      let length = 0
      do length += blockLength(batch, to++)
      while (to < end && length + blockLength(batch, to) <= pieceBytes)
      const bytes = new Uint8Array(length)
      const view = new DataView(bytes.buffer)
      for (let i = from, at = 0; i < to; i++) at = writeBlock(bytes, view, at, batch, i)
      yield { bytes, frames: to - from }
      from = to
    }
  }

  return {
    header: () => concat([sectionBlock(), ...describe(0)]),
    news: () => (context.interfaceCount === described ? null : concat(describe(described))),
    frames: (batch, start, end) => pieces(batch, start, end),
    footer: () => concat(context.interfaces().flatMap((one, id) => statisticsBlock(one, id, lastTime))),
    forgetFlows() {},
  }
}

/** 0: no limit. */
function snaplenOf({ snaplen }: CaptureInterface, most: number): number {
  if (most === 0) return snaplen
  return snaplen === 0 ? most : Math.min(most, snaplen)
}

function sectionBlock(): Uint8Array {
  const body = new DataView(new ArrayBuffer(16))
  body.setUint32(0, BYTE_ORDER_MAGIC, true)
  body.setUint16(4, 1, true)
  // Of unknown length.
  body.setBigInt64(8, -1n, true)
  return block(SECTION_HEADER, bytesOf(body), [option(OPT_USER_APPLICATION, encoder.encode('netkit'))])
}

function interfaceBlock({ linktype, name }: CaptureInterface, snaplen: number): Uint8Array {
  const body = new DataView(new ArrayBuffer(8))
  body.setUint16(0, linktype, true)
  body.setUint32(4, snaplen, true)
  const options = name === null ? [] : [option(OPT_IF_NAME, encoder.encode(name))]
  return block(INTERFACE_DESCRIPTION, bytesOf(body), [...options, option(OPT_IF_TSRESOL, Uint8Array.of(NANOSECONDS))])
}

function statisticsBlock(
  { received, dropped }: CaptureInterface,
  id: number,
  [low, high]: readonly [number, number],
): Uint8Array[] {
  const options: Uint8Array[] = []
  if (received !== null) options.push(option(OPT_ISB_IFRECV, word64(received)))
  if (dropped !== null) options.push(option(OPT_ISB_IFDROP, word64(dropped)))
  if (options.length === 0) return []
  const body = new DataView(new ArrayBuffer(12))
  body.setUint32(0, id, true)
  body.setUint32(4, high, true)
  body.setUint32(8, low, true)
  return [block(INTERFACE_STATISTICS, bytesOf(body), options)]
}

function block(type: number, body: Uint8Array, options: readonly Uint8Array[]): Uint8Array {
  const endOfOptions = new Uint8Array(options.length === 0 ? 0 : 4)
  const content = concat([body, ...options, endOfOptions])
  const length = BLOCK_OVERHEAD + content.length
  const view = new DataView(new ArrayBuffer(length))
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  view.setUint32(length - 4, length, true)
  const bytes = bytesOf(view)
  bytes.set(content, 8)
  return bytes
}

function option(code: number, value: Uint8Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + padded(value.length)))
  view.setUint16(0, code, true)
  view.setUint16(2, value.length, true)
  const bytes = bytesOf(view)
  bytes.set(value, 4)
  return bytes
}

function word64(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(value), true)
  return bytesOf(view)
}

function padded(length: number): number {
  return (length + 3) & ~3
}

function bytesOf({ buffer }: DataView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 0) return NOTHING
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
