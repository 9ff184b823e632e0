// Writes capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng) in either byte order, and damaged on request.
import { Buffer } from 'node:buffer'

export const LITTLE = false
export const BIG = true

const word16 = (value, big) => {
  const out = Buffer.alloc(2)
  big ? out.writeUInt16BE(value) : out.writeUInt16LE(value)
  return out
}
export const word32 = (value, big = LITTLE) => {
  const out = Buffer.alloc(4)
  big ? out.writeUInt32BE(value) : out.writeUInt32LE(value)
  return out
}
const padded = (data) => Buffer.concat([data, Buffer.alloc(-data.length & 3)])

// ---- pcap --------------------------------------------------------------------------------------------------------------------

export const MICROSECONDS = 0xa1b2c3d4
export const NANOSECONDS = 0xa1b23c4d
/** Alexey Kuznetzov's form: each record header has 8 more bytes (interface, protocol, packet type). */
export const MODIFIED = 0xa1b2cd34

/**
 * frames: [{ data, ns, origlen? }], ns since 1970 as a bigint. What the resolution cannot hold is an error here, so that a
 * capture never says less than its source.
 */
export function pcap(frames, { big = LITTLE, magic = MICROSECONDS, linktype = 1, snaplen = 262144 } = {}) {
  const unit = magic === NANOSECONDS ? 1n : 1000n
  const parts = [
    word32(magic, big),
    word16(2, big),
    word16(4, big),
    Buffer.alloc(8),
    word32(snaplen, big),
    word32(linktype, big),
  ]
  for (const { data, ns, origlen = data.length } of frames) {
    if (ns % unit) throw new Error(`${ns} has no whole ${unit} ns`)
    parts.push(word32(Number(ns / 1_000_000_000n), big), word32(Number((ns % 1_000_000_000n) / unit), big))
    parts.push(word32(data.length, big), word32(origlen, big))
    if (magic === MODIFIED) parts.push(word32(2, big), word16(0x0800, big), Buffer.from([4, 0]))
    parts.push(data)
  }
  return Buffer.concat(parts)
}

// ---- pcapng ------------------------------------------------------------------------------------------------------------------

/** One byte order, one section: the blocks it makes are joined with Buffer.concat. Options are [code, Buffer]. */
export function pcapng(big = LITTLE) {
  const w16 = (value) => word16(value, big)
  const w32 = (value) => word32(value, big)
  const w64 = (value) => {
    const [high, low] = [w32(Number(value >> 32n)), w32(Number(value & 0xffffffffn))]
    return big ? Buffer.concat([high, low]) : Buffer.concat([low, high])
  }
  /** Timestamps are two 32-bit words, the high one first in either byte order. */
  const time = (ticks) => Buffer.concat([w32(Number(ticks >> 32n)), w32(Number(ticks & 0xffffffffn))])
  const options = (list) =>
    list.length === 0
      ? Buffer.alloc(0)
      : Buffer.concat([
          ...list.map(([code, value]) => Buffer.concat([w16(code), w16(value.length), padded(value)])),
          w32(0),
        ])
  const block = (type, ...body) => {
    const content = Buffer.concat(body)
    return Buffer.concat([w32(type), w32(content.length + 12), content, w32(content.length + 12)])
  }
  return {
    block,
    w16,
    w32,
    w64,
    section: (...list) => block(0x0a0d0d0a, w32(0x1a2b3c4d), w16(1), w16(0), Buffer.alloc(8, 0xff), options(list)),
    interface: (linktype, snaplen, ...list) => block(1, w16(linktype), w16(0), w32(snaplen), options(list)),
    packet: (id, ticks, data, origlen = data.length, ...list) =>
      block(6, w32(id), time(ticks), w32(data.length), w32(origlen), padded(data), options(list)),
    simple: (data, origlen = data.length) => block(3, w32(origlen), padded(data)),
    obsolete: (id, ticks, data, drops) =>
      block(2, w16(id), w16(drops), time(ticks), w32(data.length), w32(data.length), padded(data)),
    statistics: (id, ticks, ...list) => block(5, w32(id), time(ticks), options(list)),
    /** records: [type, Buffer]; 1 is an IPv4 address, 2 an IPv6 address, each followed by names that end in NUL. */
    names: (...records) =>
      block(4, ...records.map(([type, value]) => Buffer.concat([w16(type), w16(value.length), padded(value)])), w32(0)),
  }
}

export const IF_NAME = 2
export const IF_TSRESOL = 9
export const IF_TSOFFSET = 14
export const ISB_IFRECV = 4
export const ISB_IFDROP = 5
export const ISB_OSDROP = 7
