import { describe, expect, test } from 'vitest'
import { type PcapForm, pcap, pcapHeader, pcapng } from '../support/build-capture.ts'
import { createParser, memorySource, readCapture, readFrames } from '../support/read-capture.ts'

const data = Buffer.from('0102030405060708', 'hex')

describe.each(['little', 'big'] as const)('byte order %s', (order) => {
  test.each([
    { form: 'microseconds', time: 4_294_967_295_999_999_000n },
    { form: 'nanoseconds', time: 4_294_967_295_000_999_999n },
    { form: 'modified', time: 4_294_967_295_999_999_000n },
  ] as const)('$form: times up to the year 2106, exact', async ({ form, time }) => {
    const record = { seconds: 0xffffffff, fraction: 999_999, data, origlen: 0xffffffff }
    const { frames, fault, format } = await readCapture(pcap([record, { data }], { form, order }))
    expect(fault).toBeNull()
    expect(format).toBe('pcap')
    expect(frames).toMatchObject([
      { time, caplen: 8, origlen: 0xffffffff, length: 0xffffffff, data: '0102030405060708', linktype: 1 },
      { time: 0n, caplen: 8, origlen: 8 },
    ])
  })

  test('a fraction of a second or more is added up', async () => {
    const record = { seconds: 1, fraction: 0xffffffff, data }
    const { frames } = await readCapture(pcap([record], { order }))
    expect(frames[0]?.time).toBe(4_295_967_295_000n)
  })

  test.each([
    { version: [2, 4], capturedFirst: [8, 9], originalFirst: 'cut' },
    { version: [2, 3], capturedFirst: [8, 9], originalFirst: [8, 9] },
    { version: [2, 2], capturedFirst: 'cut', originalFirst: [8, 9] },
    { version: [2, 0], capturedFirst: 'cut', originalFirst: [8, 9] },
    { version: [543, 0], capturedFirst: 'cut', originalFirst: [8, 9] },
  ] as const)('version $version: which length comes first', async ({ version, capturedFirst, originalFirst }) => {
    // There are 8 bytes: whoever takes the 9 for the captured length finds the file cut.
    const lengthsOf = async (first: number, second: number) => {
      const bytes = pcap([{ data, caplen: first, origlen: second }], { version, order })
      const { frames, fault } = await readCapture(bytes)
      return fault === null ? [frames[0]?.caplen, frames[0]?.origlen] : fault.kind
    }
    expect(await lengthsOf(8, 9)).toEqual(capturedFirst)
    expect(await lengthsOf(9, 8)).toEqual(originalFirst)
  })

  test('the link type has 16 bits, the FCS length above it says nothing about it', async () => {
    const { interfaces } = await readCapture(pcapHeader({ linktype: 0xf4000071, snaplen: 1234, order }))
    expect(interfaces).toMatchObject([{ linktype: 0x71, snaplen: 1234, name: null, dropped: null, received: null }])
  })
})

test.each([
  { snaplen: 65535, longest: 262_144 },
  { snaplen: 262_145, longest: 262_145 },
  { snaplen: 0x0fffffff, longest: 16_777_216 },
  { snaplen: 0x10000000, longest: 262_144 },
  { snaplen: 0, longest: 262_144 },
])('snaplen $snaplen: a record of $longest bytes is believed, one more is not', async ({ snaplen, longest }) => {
  const form: PcapForm = { snaplen }
  const { frames, fault } = await readCapture(pcap([{ data: Buffer.alloc(longest) }], form))
  expect([frames.length, fault]).toEqual([1, null])
  const more = await readCapture(pcap([{ data, caplen: longest + 1 }], form))
  expect(more.fault?.message).toBe(
    `the record at byte 24 claims ${longest + 1} captured bytes (at most ${longest} are plausible)`,
  )
})

test('a capture that comes after 65536 interfaces is refused, not written beyond them', async () => {
  const parser = createParser()
  const blocks = pcapng()
  const full = Buffer.concat([blocks.section(), ...new Array<Buffer>(65536).fill(blocks.interface())])
  const first = parser.open(memorySource(full))
  await readFrames(parser, first)
  expect([first.fault, parser.interfaces().length]).toEqual([null, 65536])
  const second = parser.open(memorySource(pcap([{ data }])))
  expect(await readFrames(parser, second)).toEqual([])
  expect(second.fault).toMatchObject({ kind: 'damaged', message: 'more than 65536 interfaces described at byte 0' })
})
