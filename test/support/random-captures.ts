/** fast-check arbitraries: sound captures of every form, and damaged ones. */
import fc from 'fast-check'
import { type InterfaceForm, type PcapngBlocks, pcap, pcapng } from './build-capture.ts'
import { udpFrame } from './udp-frame.ts'

const order = fc.constantFrom('little' as const, 'big' as const)
const u32 = fc.integer({ min: 0, max: 0xffffffff })

/** A whole frame, the first bytes of one, or noise. */
const frameBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .record({ last: fc.integer({ min: 1, max: 9 }), port: fc.nat(3), cut: fc.integer({ min: 0, max: 60 }) })
    .map(({ last, port, cut }) =>
      udpFrame({ src: `198.51.100.${last}`, sourcePort: port, payload: Buffer.alloc(18) }).subarray(0, cut),
    ),
  fc.uint8Array({ maxLength: 70 }),
)

const pcapFile = fc
  .record({
    form: fc.constantFrom('microseconds' as const, 'nanoseconds' as const, 'modified' as const),
    order,
    version: fc.constantFrom([2, 4], [2, 3], [2, 2], [543, 0]) as fc.Arbitrary<[number, number]>,
    linktype: fc.constantFrom(1, 1, 1, 0, 101, 113, 276, 9, 147),
    records: fc.array(fc.record({ seconds: u32, fraction: u32, data: frameBytes, beyond: fc.nat(100) }), {
      maxLength: 12,
    }),
  })
  .map(({ records, ...form }) => {
    const swapped = form.version[0] === 543 || form.version[1] === 2
    const lengths = (caplen: number, origlen: number) =>
      swapped ? { caplen: origlen, origlen: caplen } : { caplen, origlen }
    return pcap(
      records.map(({ beyond, ...record }) => ({
        ...record,
        ...lengths(record.data.length, record.data.length + beyond),
      })),
      form,
    )
  })

const packet = fc.record({ interface: fc.nat(3), ticks: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), data: frameBytes })
const option = fc.record({ code: fc.constantFrom(1, 2988, 11), value: fc.uint8Array({ maxLength: 9 }) })

/** One block other than a section header; packets may name interfaces that are not there. */
const anyBlock: fc.Arbitrary<(blocks: PcapngBlocks) => Buffer> = fc.oneof(
  packet.map((form) => (blocks: PcapngBlocks) => blocks.packet(form)),
  fc.tuple(packet, fc.array(option, { maxLength: 2 })).map(
    ([form, options]) =>
      (blocks: PcapngBlocks) =>
        blocks.packet({ ...form, interface: 0, options }),
  ),
  packet.map((form) => (blocks: PcapngBlocks) => blocks.obsoletePacket({ ...form, interface: 0 })),
  frameBytes.map((data) => (blocks: PcapngBlocks) => blocks.simplePacket({ data })),
  fc.bigInt({ min: 0n, max: 99n }).map((dropped) => (blocks: PcapngBlocks) => blocks.statistics({ dropped })),
  fc.uint8Array({ maxLength: 300 }).map((data) => (blocks: PcapngBlocks) => blocks.custom(data)),
  fc.tuple(fc.nat(0x7fffffff), fc.uint8Array({ maxLength: 90 })).map(
    ([type, body]) =>
      (blocks: PcapngBlocks) =>
        blocks.block(type, body),
  ),
)

const interfaceForm: fc.Arbitrary<InterfaceForm> = fc
  .record({
    linktype: fc.constantFrom(1, 1, 101, 113),
    snaplen: fc.constantFrom(0, 0, 65535, 40),
    tsresol: fc.option(fc.integer({ min: 0, max: 255 })),
    tsoffset: fc.option(fc.bigInt({ min: -(2n ** 34n), max: 2n ** 34n })),
    name: fc.option(fc.string({ maxLength: 20 })),
  })
  .map(({ linktype, snaplen, tsresol, tsoffset, name }) => ({
    linktype,
    snaplen,
    ...(tsresol === null ? {} : { tsresol }),
    ...(tsoffset === null ? {} : { tsoffset: BigInt.asUintN(64, tsoffset) }),
    ...(name === null ? {} : { name }),
  }))

const section = fc
  .tuple(order, fc.array(interfaceForm, { minLength: 1, maxLength: 4 }), fc.array(anyBlock, { maxLength: 10 }))
  .map(([byteOrder, interfaces, list]) => {
    const blocks = pcapng(byteOrder)
    return Buffer.concat([blocks.section(), ...interfaces.map(blocks.interface), ...list.map((make) => make(blocks))])
  })

const pcapngFile = fc.array(section, { minLength: 1, maxLength: 3 }).map((sections) => Buffer.concat(sections))

/** As writers make them, but for packets that name an interface of nobody and options that mean nothing. */
export const anyCapture: fc.Arbitrary<Buffer> = fc.oneof(pcapFile, pcapngFile, pcapngFile)

/** Cut, and with a few bytes overwritten. */
export const damagedCapture: fc.Arbitrary<Buffer> = fc
  .record({
    capture: anyCapture,
    edits: fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 0xff, 0x80, 4, 12), fc.nat(255))), { maxLength: 3 }),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    isCut: fc.boolean(),
  })
  .map(({ capture, edits, keep, isCut }) => {
    const bytes = Buffer.from(capture)
    for (const [at, value] of edits) bytes[at % bytes.length] = value
    return isCut ? bytes.subarray(0, Math.floor(bytes.length * keep)) : bytes
  })
