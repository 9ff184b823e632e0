import { expect, test } from 'vitest'
import * as code from '../../src/abi/faults.ts'
import { describeFault } from '../../src/capture/fault.ts'
import { pcap, pcapHeader, pcapng } from '../support/build-capture.ts'
import { readCapture } from '../support/read-capture.ts'

const data = Buffer.alloc(60)
const little = pcapng('little')
const big = pcapng('big')
const file = pcap([{ data }])
/** 28 bytes, and 20. */
const start = Buffer.concat([little.section(), little.interface()])

interface Case {
  readonly fault: keyof typeof code
  readonly name: string
  readonly bytes: Uint8Array
  readonly salvage?: boolean
  readonly kind: string
  readonly offset: bigint
  readonly message: string
}

const foreign = { kind: 'foreign', offset: 0n }
const record = (at: number) => ({ kind: 'cut', offset: BigInt(at) })
const block = (at: number) => ({ kind: 'damaged', offset: BigInt(at) })

const cases: readonly Case[] = [
  {
    ...foreign,
    fault: 'FAULT_NOT_A_CAPTURE',
    name: 'nothing',
    bytes: Buffer.alloc(0),
    message: 'empty: there is not a single byte in it',
  },
  {
    ...foreign,
    fault: 'FAULT_NOT_A_CAPTURE',
    name: 'one byte',
    bytes: file.subarray(0, 1),
    message: 'not a capture: 1 byte in all',
  },
  {
    ...foreign,
    fault: 'FAULT_NOT_A_CAPTURE',
    name: 'three bytes',
    bytes: file.subarray(0, 3),
    message: 'not a capture: 3 bytes in all',
  },
  {
    ...foreign,
    fault: 'FAULT_NOT_A_CAPTURE',
    name: 'bytes that nobody knows',
    bytes: Buffer.from('01020304fe00', 'hex'),
    message: 'not a pcap or pcapng capture: it starts with 0x01020304',
  },
  {
    ...foreign,
    fault: 'FAULT_PCAP_VERSION',
    name: 'version 9.9',
    bytes: pcap([{ data }], { version: [9, 9] }),
    message: 'pcap version 9.9 is not known (2.x is)',
  },
  {
    ...block(28 + 20),
    fault: 'FAULT_PCAPNG_VERSION',
    name: 'a second section of version 2',
    bytes: Buffer.concat([start, big.section([2, 1])]),
    message: 'pcapng section at byte 48 has version 2.1, which is not known (1.x is)',
  },
  {
    ...record(0),
    fault: 'FAULT_CUT_FILE_HEADER',
    name: 'a pcap header',
    bytes: file.subarray(0, 23),
    message: 'cut in the file header: 23 of 24 bytes',
  },
  {
    ...record(0),
    fault: 'FAULT_CUT_FILE_HEADER',
    name: 'the start of a section header',
    bytes: start.subarray(0, 4),
    message: 'cut in the file header: 4 of 12 bytes',
  },
  {
    ...record(24 + 76),
    fault: 'FAULT_CUT_RECORD_HEADER',
    name: 'a pcap record header',
    bytes: Buffer.concat([file, file.subarray(24, 39)]),
    message: 'cut in the record header at byte 100: 15 of 16 bytes',
  },
  {
    ...record(48),
    fault: 'FAULT_CUT_RECORD_HEADER',
    name: 'a block header',
    bytes: Buffer.concat([start, start.subarray(0, 11)]),
    message: 'cut in the record header at byte 48: 11 of 12 bytes',
  },
  {
    ...record(24),
    fault: 'FAULT_CUT_PACKET',
    name: 'a packet',
    bytes: file.subarray(0, -1),
    message: 'cut in the packet at byte 24: 59 of 60 bytes',
  },
  {
    ...record(48),
    fault: 'FAULT_CUT_BLOCK',
    name: 'a packet block',
    bytes: Buffer.concat([start, little.packet({ data })]).subarray(0, -2),
    message: 'cut in the block at byte 48: 90 of 92 bytes',
  },
  {
    ...record(48),
    fault: 'FAULT_CUT_BLOCK',
    name: 'a block that is passed over',
    bytes: Buffer.concat([start, little.custom(Buffer.alloc(9_000_000))]).subarray(0, -5),
    message: 'cut in the block at byte 48: 9000011 of 9000016 bytes',
  },
  {
    ...block(100),
    fault: 'FAULT_RECORD_TOO_LONG',
    name: 'a record of 4 GiB',
    bytes: Buffer.concat([file, pcap([{ data, caplen: 0xffffffff }]).subarray(24)]),
    message: 'the record at byte 100 claims 4294967295 captured bytes (at most 262144 are plausible)',
  },
  {
    ...block(48),
    fault: 'FAULT_BLOCK_LENGTH',
    name: 'a block of no length',
    bytes: Buffer.concat([start, little.block(6, Buffer.alloc(40), { leading: 0 })]),
    message: 'the block at byte 48 has the impossible total length 0',
  },
  {
    ...block(48),
    fault: 'FAULT_BLOCK_LENGTH',
    name: 'a block of an odd length',
    bytes: Buffer.concat([start, little.block(99, Buffer.alloc(40), { leading: 54 })]),
    message: 'the block at byte 48 has the impossible total length 54',
  },
  {
    ...block(48),
    fault: 'FAULT_BLOCK_TOO_LONG',
    name: 'an unknown block of 2 GiB',
    bytes: Buffer.concat([start, little.block(99, data, { leading: 2 ** 31 })]),
    message: 'the block at byte 48 claims 2147483648 bytes (at most 134348832 are plausible)',
  },
  {
    ...block(48),
    fault: 'FAULT_BLOCK_TOO_LONG',
    name: 'a packet block of 17 MB',
    bytes: Buffer.concat([start, little.block(6, data, { leading: 17_000_000 })]),
    message: 'the block at byte 48 claims 17000000 bytes (at most 16777216 are plausible)',
  },
  {
    ...block(48),
    fault: 'FAULT_BLOCK_TRAILER',
    name: 'a packet block with two lengths',
    bytes: Buffer.concat([start, little.block(6, data, { trailing: 8 })]),
    message: 'the block at byte 48 has 72 bytes by its header and 8 by its end',
  },
  {
    ...block(48),
    fault: 'FAULT_BLOCK_TRAILER',
    name: 'a block that is passed over, with two lengths',
    bytes: Buffer.concat([start, little.block(99, Buffer.alloc(5_000_000), { trailing: 76 })]),
    message: 'the block at byte 48 has 5000012 bytes by its header and 76 by its end',
  },
  ...([6, 2, 3, 1, 5] as const).map((type) => ({
    ...block(48),
    fault: 'FAULT_BLOCK_TOO_SHORT' as const,
    name: `a block of type ${type} without a body`,
    bytes: Buffer.concat([start, little.block(type, Buffer.alloc(0))]),
    message: `the block of type ${type} at byte 48 has 12 bytes, too few for its kind`,
  })),
  {
    ...block(0),
    fault: 'FAULT_BLOCK_TOO_SHORT',
    name: 'a section header of 24 bytes',
    bytes: little.block(0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffff', 'hex')),
    message: 'the block of type 168627466 at byte 0 has 24 bytes, too few for its kind',
  },
  {
    ...block(48),
    fault: 'FAULT_BYTE_ORDER_MAGIC',
    name: 'a second section with no byte order',
    bytes: Buffer.concat([start, big.block(0x0a0d0d0a, Buffer.from('deadbeef00010000ffffffffffffffff', 'hex'))]),
    message: 'the section header at byte 48 has the byte-order magic 0xdeadbeef, which is none',
  },
  {
    ...block(48),
    fault: 'FAULT_INTERFACE',
    name: 'a packet of the second of one interfaces',
    bytes: Buffer.concat([start, little.packet({ data, interface: 1 })]),
    message: 'the packet at byte 48 names interface 1, of 1 described before it',
  },
  {
    ...block(28),
    fault: 'FAULT_INTERFACE',
    name: 'a simple packet before any interface',
    bytes: Buffer.concat([big.section(), big.simplePacket({ data })]),
    message: 'the packet at byte 28 names interface 0, of 0 described before it',
  },
  {
    ...block(48),
    fault: 'FAULT_PACKET_IN_BLOCK',
    name: 'a packet longer than its block',
    bytes: Buffer.concat([start, little.packet({ data, caplen: 61 })]),
    message: 'the packet at byte 48 claims 61 captured bytes in a block that holds 60',
  },
  {
    ...block(48),
    fault: 'FAULT_PACKET_IN_BLOCK',
    name: 'a simple packet longer than its block',
    bytes: Buffer.concat([start, little.simplePacket({ data, origlen: 61 })]),
    message: 'the packet at byte 48 claims 61 captured bytes in a block that holds 60',
  },
  {
    ...block(28 + 65536 * 20),
    fault: 'FAULT_TOO_MANY_INTERFACES',
    name: '65537 interfaces',
    bytes: Buffer.concat([little.section(), ...new Array<Buffer>(65537).fill(little.interface())]),
    message: 'more than 65536 interfaces described at byte 1310748',
  },
  {
    ...block(100),
    fault: 'FAULT_STRAY_RECORD',
    name: 'zeros with something behind them',
    bytes: Buffer.concat([pcap([{ seconds: 5, data }]), Buffer.alloc(16), Buffer.alloc(16, 0xff)]),
    salvage: true,
    message: 'what would be the record at byte 100 (0 captured bytes, time 0) leads to no other',
  },
]

test.each(cases)('$fault: $name', async ({ bytes, salvage, kind, offset, message }) => {
  const { fault } = await readCapture(bytes, { salvage })
  expect(fault).toEqual({ kind, offset, message })
})

test('every fault of the module has a case', () => {
  const faults = Object.keys(code).filter((name) => name.startsWith('FAULT_') && name !== 'FAULT_NONE')
  expect(new Set(cases.map(({ fault }) => fault))).toEqual(new Set(faults))
})

test('frames before the damage are there', async () => {
  const { frames, format } = await readCapture(Buffer.concat([file, file.subarray(24), file.subarray(24, -3)]))
  expect(frames.length).toBe(2)
  expect(format).toBe('pcap')
})

test('no format is told of what is no capture', async () => {
  expect((await readCapture(Buffer.from('no capture'))).format).toBeNull()
  expect((await readCapture(pcapHeader({ version: [1, 0] }))).format).toBeNull()
})

test('a number without a sentence still says where', () => {
  expect(describeFault(999, 7n, 0n, 0n)).toEqual({ kind: 'damaged', message: 'unreadable at byte 7', offset: 7n })
})
