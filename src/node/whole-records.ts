/**
 * Where records end in a stream of pcap (draft-ietf-opsawg-pcap §4, §5) or pcapng (draft-ietf-opsawg-pcapng §3.1) bytes, by
 * their lengths alone. For a file that is being written: its last record may be half there, for now or for ever.
 */

/** A record longer than this is a wrong length; the parser knows what to say about it. */
const MOST = 64 << 20
const PCAP_HEADER = 24
const PCAPNG_SECTION = 0x0a0d0d0a

/** Magic as a big-endian number → byte order, and the length of a record's header (24 in Kuznetzov's form). */
const PCAP_MAGICS: ReadonlyMap<number, { readonly little: boolean; readonly recordHeader: number }> = new Map([
  [0xa1b2c3d4, { little: false, recordHeader: 16 }],
  [0xd4c3b2a1, { little: true, recordHeader: 16 }],
  [0xa1b23c4d, { little: false, recordHeader: 16 }],
  [0x4d3cb2a1, { little: true, recordHeader: 16 }],
  [0xa1b2cd34, { little: false, recordHeader: 24 }],
  [0x34cdb2a1, { little: true, recordHeader: 24 }],
])

export class WholeRecords {
  /** The 24 bytes before the first record of pcap, when they have been walked over. */
  header: Uint8Array | null = null
  /** Null until the first bytes have said it. `unknown`: every byte passes for whole. */
  format: 'pcap' | 'pcapng' | 'unknown' | null = null
  #little = false
  #recordHeader = 16

  /** How many bytes from the start of `bytes` are whole records. They start where the last call's answer ended. */
  walk(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    if (this.format === null) this.#detect(view)
    if (this.format === null) return 0
    let at = 0
    while (this.format !== 'unknown') {
      const length = this.format === 'pcap' ? this.#pcapLength(view, at) : this.#pcapngLength(view, at)
      if (length === null) return at
      if (length > MOST || length === 0) this.format = 'unknown'
      else if (at + length > bytes.length) return at
      else {
        if (this.format === 'pcap') this.header ??= bytes.slice(0, PCAP_HEADER)
        at += length
      }
    }
    return bytes.length
  }

  #detect(view: DataView): void {
    if (view.byteLength < 4) return
    const magic = view.getUint32(0)
    const pcap = PCAP_MAGICS.get(magic)
    this.format = pcap !== undefined ? 'pcap' : magic === PCAPNG_SECTION ? 'pcapng' : 'unknown'
    if (pcap === undefined) return
    this.#little = pcap.little
    this.#recordHeader = pcap.recordHeader
  }

  /** Null: too few bytes to tell. */
  #pcapLength(view: DataView, at: number): number | null {
    if (this.header === null) return PCAP_HEADER
    if (at + this.#recordHeader > view.byteLength) return null
    return this.#recordHeader + view.getUint32(at + 8, this.#little)
  }

  /** 0: no length that a block can have. */
  #pcapngLength(view: DataView, at: number): number | null {
    if (at + 12 > view.byteLength) return null
    if (view.getUint32(at) === PCAPNG_SECTION) this.#little = view.getUint32(at + 8) === 0x4d3c2b1a
    const length = view.getUint32(at + 4, this.#little)
    return length < 12 || length % 4 !== 0 ? 0 : length
  }
}
