import { describe, expect, test } from 'vitest'
import { type Source, SourceDamage, SourceUnavailable } from '../../src/capture/source.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { createParser, memorySource, readCapture, readFrames } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const record = { data: Buffer.alloc(60, 1) }
const capture = pcap([record, record, record])

/** Gives `bytes`, then throws. */
function failing(bytes: Uint8Array, error: Error): Source {
  const source = memorySource(bytes)
  return {
    ...source,
    async read(into) {
      const count = await source.read(into)
      if (count === 0) throw error
      return count
    },
  }
}

describe('batches', () => {
  test('of at most as many frames as asked for, and 4096', async () => {
    const parser = createParser()
    const bytes = pcap(new Array(10_000).fill({ data: Buffer.alloc(0) }))
    const stream = parser.open(memorySource(bytes))
    const counts: number[] = []
    for (const limit of [1, 7, undefined, 100_000, 2000]) counts.push((await stream.next(limit))?.count ?? 0)
    expect(counts).toEqual([1, 7, 4096, 4096, 1800])
    expect(await stream.next()).toBeNull()
    expect(await stream.next()).toBeNull()
    expect(stream.frames).toBe(10_000)
  })

  test('come as soon as a frame is there: a slow pipe is not waited for', async () => {
    const stream = createParser().open(memorySource(capture, () => 24 + 76))
    expect([(await stream.next())?.count, (await stream.next())?.count]).toEqual([1, 1])
  })
})

test('the format is known with the first bytes, not before', async () => {
  const parser = createParser()
  const stream = parser.open(memorySource(capture))
  expect(stream.format).toBeNull()
  await stream.next()
  expect(stream.format).toBe('pcap')
  const blocks = pcapng()
  const other = parser.open(memorySource(Buffer.concat([blocks.section(), blocks.interface(), blocks.packet(record)])))
  await other.next()
  expect(other.format).toBe('pcapng')
  expect(stream.format).toBe('pcap')
})

describe('a source that fails', () => {
  test('damage behind whole frames: they are handed out, the fault says where', async () => {
    const { frames, fault } = await readCapture(
      failing(capture.subarray(0, -1), new SourceDamage('gzip: bad checksum')),
    )
    expect(frames.length).toBe(2)
    expect(fault).toEqual({ kind: 'damaged', message: 'gzip: bad checksum', offset: BigInt(24 + 2 * 76) })
  })

  test('a device that is gone', async () => {
    const { frames, fault } = await readCapture(failing(capture, new SourceUnavailable('cannot read it')))
    expect(frames.length).toBe(3)
    expect(fault).toEqual({ kind: 'unavailable', message: 'cannot read it', offset: BigInt(capture.length) })
  })

  test('what nobody foresaw is thrown', async () => {
    const stream = createParser().open(failing(capture, new Error('a mistake of ours')))
    expect((await stream.next())?.count).toBe(3)
    await expect(stream.next()).rejects.toThrow('a mistake of ours')
  })

  test('text that ends in damage is called text', async () => {
    const text = Buffer.from('this was never a capture, ')
    expect((await readCapture(failing(text, new SourceDamage('cut')))).fault?.message).toMatch(/plain text/)
    expect((await readCapture(failing(text, new SourceUnavailable('gone')))).fault?.message).toMatch(/plain text/)
  })
})

test('reading two streams of one parser at the same time is refused where it would lose bytes', async () => {
  const parser = createParser({ keyFields: 1 })
  let release = () => {}
  const waits = new Promise<void>((resolve) => {
    release = resolve
  })
  const memory = memorySource(capture)
  const slow = parser.open({
    ...memory,
    async read(into) {
      await waits
      return memory.read(into)
    },
  })
  const reading = slow.next()
  const many = Array.from({ length: 60_000 }, (_, i) => ({ data: udpFrame({ src: `10.0.${i >> 8}.${i & 255}` }) }))
  await readFrames(parser, parser.open(memorySource(pcap(many))))
  release()
  await expect(reading).rejects.toThrow('two streams of one parser were read at the same time')
})

test('closing closes the source', async () => {
  const parser = createParser()
  const closed: string[] = []
  const stream = parser.open({ ...memorySource(capture), close: async () => void closed.push('closed') })
  await stream.next(1)
  await parser.close(stream)
  expect(closed).toEqual(['closed'])
})
