/** A capture in pieces: its header, and its records or blocks. Written for mutating: it takes what it can, and the rest as a tail. */

export interface Framed {
  readonly format: 'pcap' | 'pcapng'
  readonly little: boolean
  /** Bytes of a pcap record's header. */
  readonly recordHeader: number
  /** Of pcap: the 24 bytes of the file's header. Empty for pcapng. */
  readonly head: Uint8Array
  readonly records: readonly Uint8Array[]
  /** What no record could be made of. */
  readonly tail: Uint8Array
  /** Of pcap. */
  readonly linktype: number
}

export const SECTION_HEADER = 0x0a0d0d0a
export const INTERFACE = 1
export const OBSOLETE_PACKET = 2
export const SIMPLE_PACKET = 3
export const ENHANCED_PACKET = 6

const FILE_HEADER = 24
const PCAP_MAGICS = new Set([0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34])
const MODIFIED_MAGIC = 0xa1b2cd34

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Null for what begins like neither. */
export function frameCapture(bytes: Uint8Array): Framed | null {
  if (bytes.length < FILE_HEADER) return null
  const view = viewOf(bytes)
  if (view.getUint32(0) === SECTION_HEADER) return framePcapng(bytes, view)
  const little = PCAP_MAGICS.has(view.getUint32(0, true))
  return little || PCAP_MAGICS.has(view.getUint32(0)) ? framePcap(bytes, view, little) : null
}

function framePcap(bytes: Uint8Array, view: DataView, little: boolean): Framed {
  const recordHeader = view.getUint32(0, little) === MODIFIED_MAGIC ? 24 : 16
  const records: Uint8Array[] = []
  let at = FILE_HEADER
  while (at + recordHeader <= bytes.length) {
    const end = at + recordHeader + view.getUint32(at + 8, little)
    if (end > bytes.length) break
    records.push(bytes.subarray(at, end))
    at = end
  }
  return {
    format: 'pcap',
    little,
    recordHeader,
    head: bytes.subarray(0, FILE_HEADER),
    records,
    tail: bytes.subarray(at),
    linktype: view.getUint32(20, little) & 0xffff,
  }
}

/** The byte order is that of the first section. */
function framePcapng(bytes: Uint8Array, view: DataView): Framed {
  const little = view.getUint32(8, true) === 0x1a2b3c4d
  const records: Uint8Array[] = []
  let at = 0
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at + 4, little)
    if (length < 12 || length % 4 !== 0 || at + length > bytes.length) break
    records.push(bytes.subarray(at, at + length))
    at += length
  }
  return {
    format: 'pcapng',
    little,
    recordHeader: 0,
    head: new Uint8Array(0),
    records,
    tail: bytes.subarray(at),
    linktype: 1,
  }
}

/** Where the captured bytes of a record lie in it; null for a block without a packet. */
export function dataOf(
  { format, little, recordHeader }: Framed,
  record: Uint8Array,
): [start: number, end: number] | null {
  if (format === 'pcap') return record.length >= recordHeader ? [recordHeader, record.length] : null
  if (record.length < 16) return null
  const view = viewOf(record)
  const type = view.getUint32(0, little)
  if (type === SIMPLE_PACKET) return [12, record.length - 4]
  if ((type !== ENHANCED_PACKET && type !== OBSOLETE_PACKET) || record.length < 32) return null
  return [28, Math.min(record.length - 4, 28 + view.getUint32(20, little))]
}
