/** Captures built in memory: pcap in each of its forms, pcapng block by block. Nothing is checked, so wrong ones can be built. */

export type ByteOrder = 'little' | 'big'

const PCAP_MAGICS = { microseconds: 0xa1b2c3d4, nanoseconds: 0xa1b23c4d, modified: 0xa1b2cd34 }

export interface PcapForm {
  readonly form?: keyof typeof PCAP_MAGICS
  readonly order?: ByteOrder
  readonly version?: readonly [major: number, minor: number]
  readonly snaplen?: number
  /** All 32 bits of the field. */
  readonly linktype?: number
}

export interface PcapRecord {
  readonly seconds?: number
  readonly fraction?: number
  readonly data: Uint8Array
  /** As long as the data unless given. */
  readonly origlen?: number
  readonly caplen?: number
}

export function pcap(records: readonly PcapRecord[], form: PcapForm = {}): Buffer {
  return Buffer.concat([pcapHeader(form), ...records.map((record) => pcapRecord(record, form))])
}

export function pcapHeader({ form = 'microseconds', order = 'little', version, snaplen, linktype }: PcapForm): Buffer {
  const { u16, u32 } = fields(order)
  const [major, minor] = version ?? [2, 4]
  return Buffer.concat([u32(PCAP_MAGICS[form]), u16(major, minor), u32(0, 0, snaplen ?? 65535, linktype ?? 1)])
}

export function pcapRecord(record: PcapRecord, { form, order = 'little' }: PcapForm = {}): Buffer {
  const { data, seconds = 0, fraction = 0, caplen = data.length, origlen = caplen } = record
  const header = fields(order).u32(seconds, fraction, caplen, origlen)
  return Buffer.concat([header, Buffer.alloc(form === 'modified' ? 8 : 0, 0xee), data])
}

export interface Option {
  readonly code: number
  readonly value: Uint8Array
}

export interface InterfaceForm {
  readonly linktype?: number
  readonly snaplen?: number
  readonly name?: string
  readonly tsresol?: number
  readonly tsoffset?: bigint
  readonly options?: readonly Option[]
}

export interface PacketForm {
  readonly interface?: number
  readonly ticks?: bigint
  readonly data: Uint8Array
  readonly origlen?: number
  readonly caplen?: number
  readonly options?: readonly Option[]
}

export interface PcapngBlocks {
  block(type: number, body: Uint8Array, lengths?: { readonly leading?: number; readonly trailing?: number }): Buffer
  options(options: readonly Option[]): Buffer
  section(version?: readonly [major: number, minor: number]): Buffer
  interface(form?: InterfaceForm): Buffer
  /** Enhanced Packet Block. */
  packet(form: PacketForm): Buffer
  /** The Packet Block that the Enhanced one replaced. */
  obsoletePacket(form: PacketForm & { readonly drops?: number }): Buffer
  simplePacket(form: { readonly data: Uint8Array; readonly origlen?: number }): Buffer
  statistics(form: { readonly interface?: number; readonly received?: bigint; readonly dropped?: bigint }): Buffer
  custom(data: Uint8Array): Buffer
}

/** Makes pcapng blocks of one byte order. */
export function pcapng(order: ByteOrder = 'little'): PcapngBlocks {
  const { u16, u32, u64 } = fields(order)

  const block: PcapngBlocks['block'] = (type, body, lengths = {}) => {
    const length = 12 + padded(body).length
    return Buffer.concat([u32(type, lengths.leading ?? length), padded(body), u32(lengths.trailing ?? length)])
  }
  const options: PcapngBlocks['options'] = (list) => {
    if (list.length === 0) return Buffer.alloc(0)
    const parts = list.map(({ code, value }) => Buffer.concat([u16(code, value.length), padded(value)]))
    return Buffer.concat([...parts, u16(0, 0)])
  }
  const ticksOf = ({ ticks = 0n }: PacketForm) => u32(Number(ticks >> 32n), Number(ticks & 0xffffffffn))
  const packetEnd = ({ data, caplen = data.length, origlen = caplen, options: list = [] }: PacketForm) =>
    Buffer.concat([u32(caplen, origlen), padded(data), options(list)])

  return {
    block,
    options,
    section: ([major, minor] = [1, 0]) =>
      block(0x0a0d0d0a, Buffer.concat([u32(0x1a2b3c4d), u16(major, minor), u64(0xffffffffffffffffn)])),
    interface: ({ linktype = 1, snaplen = 0, name, tsresol, tsoffset, options: more = [] } = {}) => {
      const list = [...more]
      if (name !== undefined) list.push({ code: 2, value: Buffer.from(name) })
      if (tsresol !== undefined) list.push({ code: 9, value: Uint8Array.of(tsresol) })
      if (tsoffset !== undefined) list.push({ code: 14, value: u64(tsoffset) })
      return block(1, Buffer.concat([u16(linktype, 0), u32(snaplen), options(list)]))
    },
    packet: (form) => block(6, Buffer.concat([u32(form.interface ?? 0), ticksOf(form), packetEnd(form)])),
    obsoletePacket: (form) =>
      block(2, Buffer.concat([u16(form.interface ?? 0, form.drops ?? 0), ticksOf(form), packetEnd(form)])),
    simplePacket: ({ data, origlen = data.length }) => block(3, Buffer.concat([u32(origlen), data])),
    statistics: ({ interface: id = 0, received, dropped }) => {
      const list: Option[] = []
      if (received !== undefined) list.push({ code: 4, value: u64(received) })
      if (dropped !== undefined) list.push({ code: 5, value: u64(dropped) })
      return block(5, Buffer.concat([u32(id, 0, 0), options(list)]))
    },
    // 32473 is the enterprise number for examples (RFC 5612).
    custom: (data) => block(0x0bad, Buffer.concat([u32(32473), data])),
  }
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}

function fields(order: ByteOrder) {
  const little = order === 'little'
  const make = (
    size: number,
    write: (view: DataView, at: number, value: never) => void,
    values: readonly unknown[],
  ) => {
    const bytes = Buffer.alloc(size * values.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    values.forEach((value, i) => {
      write(view, i * size, value as never)
    })
    return bytes
  }
  return {
    u16: (...values: number[]) => make(2, (view, at, value) => view.setUint16(at, value, little), values),
    u32: (...values: number[]) => make(4, (view, at, value) => view.setUint32(at, value, little), values),
    u64: (...values: bigint[]) => make(8, (view, at, value) => view.setBigUint64(at, value, little), values),
  }
}
