/**
 * A second reader of pcap and pcapng, to hold the first against: slow, plain, the whole file in memory, times as BigInt.
 *
 * Written from draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng, and for what they leave open from what libpcap and
 * Wireshark do. It shares no code with netkit and nothing with its chunks, buffers and 64-bit arithmetic.
 */

export interface ReferenceFrame {
  /** Nanoseconds since 1970-01-01 UTC, rounded down, of any size; null where the file gives none. */
  readonly time: bigint | null
  readonly origlen: number
  readonly linktype: number
  readonly data: Uint8Array
  /** Counts the interfaces of all sections. */
  readonly interface: number
}

export interface ReferenceDamage {
  readonly kind: 'foreign' | 'cut' | 'damaged'
  /** Where the record or block starts that could not be read. */
  readonly offset: number
}

export interface ReferenceResult {
  readonly frames: readonly ReferenceFrame[]
  readonly damage: ReferenceDamage | null
}

class Damage extends Error implements ReferenceDamage {
  readonly kind: ReferenceDamage['kind']
  readonly offset: number

  constructor(kind: ReferenceDamage['kind'], offset: number) {
    super(`${kind} at ${offset}`)
    this.kind = kind
    this.offset = offset
  }
}

export function readReference(bytes: Uint8Array): ReferenceResult {
  const frames: ReferenceFrame[] = []
  try {
    for (const frame of readAny(bytes)) frames.push(frame)
    return { frames, damage: null }
  } catch (error) {
    if (!(error instanceof Damage)) throw error
    return { frames, damage: { kind: error.kind, offset: error.offset } }
  }
}

function readAny(bytes: Uint8Array): Iterable<ReferenceFrame> {
  if (bytes.length < 4) throw new Damage('foreign', 0)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0).toString(16).padStart(8, '0')
  switch (magic) {
    case '0a0d0d0a':
      return readPcapng(bytes, view)
    case 'a1b2c3d4':
      return readPcap(bytes, view, { little: false, nsPerFraction: 1000n, recordHeaderLength: 16 })
    case 'd4c3b2a1':
      return readPcap(bytes, view, { little: true, nsPerFraction: 1000n, recordHeaderLength: 16 })
    case 'a1b23c4d':
      return readPcap(bytes, view, { little: false, nsPerFraction: 1n, recordHeaderLength: 16 })
    case '4d3cb2a1':
      return readPcap(bytes, view, { little: true, nsPerFraction: 1n, recordHeaderLength: 16 })
    case 'a1b2cd34':
      return readPcap(bytes, view, { little: false, nsPerFraction: 1000n, recordHeaderLength: 24 })
    case '34cdb2a1':
      return readPcap(bytes, view, { little: true, nsPerFraction: 1000n, recordHeaderLength: 24 })
    default:
      throw new Damage('foreign', 0)
  }
}

interface PcapForm {
  readonly little: boolean
  readonly nsPerFraction: bigint
  readonly recordHeaderLength: number
}

function* readPcap(bytes: Uint8Array, view: DataView, form: PcapForm): Generator<ReferenceFrame> {
  const { little, recordHeaderLength } = form
  const word = (at: number) => view.getUint32(at, little)
  if (bytes.length < 24) throw new Damage('cut', 0)
  const version = `${view.getUint16(4, little)}.${view.getUint16(6, little)}`
  if (!version.startsWith('2.') && version !== '543.0') throw new Damage('foreign', 0)
  const snaplen = word(16)
  const linktype = word(20) & 0xffff
  // libpcap's MAXIMUM_SNAPLEN is 262144. A larger snaplen allows larger packets, unless it is nonsense itself.
  const longest = snaplen > 262144 && snaplen < 2 ** 28 ? Math.min(snaplen, 2 ** 24) : 262144

  for (let at = 24; at < bytes.length; ) {
    if (bytes.length - at < recordHeaderLength) throw new Damage('cut', at)
    let [caplen, origlen] = [word(at + 8), word(at + 12)]
    // libpcap, sf-pcap.c: swapped before version 2.3 and in DG/UX tcpdump's 543.0, perhaps swapped in 2.3.
    const swapped =
      version === '543.0' || ['2.0', '2.1', '2.2'].includes(version) || (version === '2.3' && caplen > origlen)
    if (swapped) [caplen, origlen] = [origlen, caplen]
    if (caplen > longest) throw new Damage('damaged', at)
    const start = at + recordHeaderLength
    if (bytes.length - start < caplen) throw new Damage('cut', at)
    const time = BigInt(word(at)) * 1_000_000_000n + BigInt(word(at + 4)) * form.nsPerFraction
    yield { time, origlen, linktype, data: bytes.subarray(start, start + caplen), interface: 0 }
    at = start + caplen
  }
}

interface Interface {
  readonly id: number
  readonly linktype: number
  readonly snaplen: number
  readonly ticksPerSecond: bigint
  readonly offsetSeconds: bigint
}

function* readPcapng(bytes: Uint8Array, view: DataView): Generator<ReferenceFrame> {
  let little = true
  let section: Interface[] = []
  let interfaceCount = 0
  const word = (at: number) => view.getUint32(at, little)

  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < 12) throw new Damage('cut', at)
    const isSection = view.getUint32(at) === 0x0a0d0d0a
    if (isSection) {
      const magic = view.getUint32(at + 8)
      if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a) throw new Damage('damaged', at)
      little = magic === 0x4d3c2b1a
    }
    const type = word(at)
    const length = word(at + 4)
    if (length < 12 || length % 4 !== 0) throw new Damage('damaged', at)
    // Wireshark's limit for a block of any kind, and netkit's own for one that it must hold in memory.
    const isRead = isSection || [1, 2, 3, 5, 6].includes(type)
    if (length > (isRead ? 2 ** 24 : 134_348_832)) throw new Damage('damaged', at)
    if (bytes.length - at < length) throw new Damage('cut', at)
    if (word(at + length - 4) !== length) throw new Damage('damaged', at)

    const body = at + 8
    const bodyEnd = at + length - 4
    const need = (count: number) => {
      if (bodyEnd - body < count) throw new Damage('damaged', at)
    }
    if (isSection) {
      need(16)
      if (view.getUint16(body + 4, little) !== 1) throw new Damage('damaged', at)
      section = []
    } else if (type === 1) {
      need(8)
      if (interfaceCount === 65536) throw new Damage('damaged', at)
      section.push(readInterface(view, interfaceCount++, body, bodyEnd, little))
    } else if (type === 6 || type === 2) {
      need(20)
      const described = section[type === 6 ? word(body) : view.getUint16(body, little)]
      if (described === undefined) throw new Damage('damaged', at)
      const caplen = word(body + 12)
      need(20 + caplen)
      const ticks = (BigInt(word(body + 4)) << 32n) + BigInt(word(body + 8))
      const time = (ticks * 1_000_000_000n) / described.ticksPerSecond + described.offsetSeconds * 1_000_000_000n
      const data = bytes.subarray(body + 20, body + 20 + caplen)
      yield { time, origlen: word(body + 16), linktype: described.linktype, data, interface: described.id }
    } else if (type === 3) {
      need(4)
      const described = section[0]
      if (described === undefined) throw new Damage('damaged', at)
      const origlen = word(body)
      const caplen = described.snaplen === 0 ? origlen : Math.min(origlen, described.snaplen)
      need(4 + caplen)
      const data = bytes.subarray(body + 4, body + 4 + caplen)
      yield { time: null, origlen, linktype: described.linktype, data, interface: described.id }
    } else if (type === 5) {
      need(12)
    }
    at += length
  }
}

function readInterface(view: DataView, id: number, body: number, end: number, little: boolean): Interface {
  let ticksPerSecond = 1_000_000n
  let offsetSeconds = 0n
  for (let at = body + 8; at + 4 <= end; ) {
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    const value = at + 4
    if (code === 0 || value + length > end) break
    if (code === 9 && length >= 1) {
      const resolution = view.getUint8(value)
      ticksPerSecond = resolution >= 128 ? 2n ** BigInt(resolution - 128) : 10n ** BigInt(resolution)
    }
    if (code === 14 && length >= 8) offsetSeconds = view.getBigInt64(value, little)
    at = value + Math.ceil(length / 4) * 4
  }
  const linktype = view.getUint16(body, little)
  return { id, linktype, snaplen: view.getUint32(body + 4, little), ticksPerSecond, offsetSeconds }
}
