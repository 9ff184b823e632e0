/** No answer of the parser depends on how the bytes come: the size of its chunks, of the source's reads, of the batches. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KEY_DESTINATION, KEY_INTERFACE, KEY_SOURCE, KEY_SOURCE_PORT } from '../../src/abi/key-fields.ts'
import { seeded } from '../node/fixtures.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { anyCapture, damagedCapture } from '../support/random-captures.ts'
import { memorySource, type ReadOptions, readCapture } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const KEY = { keyFields: KEY_SOURCE | KEY_DESTINATION | KEY_SOURCE_PORT | KEY_INTERFACE }

async function answer(bytes: Uint8Array, size?: () => number, options: ReadOptions = {}) {
  const { frames, fault, format, interfaces, flows } = await readCapture(memorySource(bytes, size), {
    ...KEY,
    ...options,
  })
  return { frames, fault, format, interfaces, flows }
}

const frames = Array.from({ length: 12 }, (_, i) =>
  udpFrame({ src: `192.0.2.${i % 4}`, sourcePort: i, payload: Buffer.alloc(i * 7) }),
)

/** Two sections, in both byte orders, with everything that is passed over. */
function manyBlocks(): Buffer {
  return Buffer.concat(
    (['little', 'big'] as const).flatMap((order) => {
      const blocks = pcapng(order)
      return [
        blocks.section(),
        blocks.interface({ name: `eth-${order}`, tsresol: 9 }),
        blocks.packet({
          data: frames[3]!,
          ticks: 1_700_000_000_000_000_123n,
          options: [{ code: 1, value: Buffer.from('hi') }],
        }),
        blocks.custom(Buffer.alloc(700, 1)),
        blocks.interface({ linktype: 101 }),
        blocks.packet({ data: frames[4]!.subarray(14), interface: 1, ticks: 5n }),
        blocks.block(0x7ffffff0, Buffer.alloc(333, 2)),
        blocks.simplePacket({ data: frames[5]! }),
        blocks.obsoletePacket({ data: frames[6]!, drops: 3 }),
        blocks.statistics({ dropped: 7n, received: 99n }),
      ]
    }),
  )
}

const captures: Record<string, Buffer> = {
  pcap: pcap(frames.map((data, seconds) => ({ seconds, data }))),
  'a big-endian modified pcap': pcap(
    frames.map((data, seconds) => ({ seconds, data })),
    { form: 'modified', order: 'big' },
  ),
  pcapng: manyBlocks(),
  'a cut pcapng': manyBlocks().subarray(0, -41),
  'a pcapng cut in a block that is passed over': manyBlocks().subarray(0, 420),
  'a pcapng with a wrong end in a block that is passed over': (() => {
    const blocks = pcapng()
    return Buffer.concat([blocks.section(), blocks.block(77, Buffer.alloc(200), { trailing: 8 })])
  })(),
  'a text': Buffer.from('<!DOCTYPE html><html><body>404 Not Found</body></html>'.repeat(20)),
  'three bytes': Buffer.from('d4c3b2', 'hex'),
  nothing: Buffer.alloc(0),
}

describe.each(Object.entries(captures))('%s', (_, bytes) => {
  test('chunks and reads of 1 to 64 bytes', async () => {
    const whole = await answer(bytes)
    for (let size = 1; size <= 64; size++) {
      expect(await answer(bytes, () => size), `reads of ${size}`).toEqual(whole)
      expect(await answer(bytes, undefined, { chunkBytes: size }), `chunks of ${size}`).toEqual(whole)
      expect(await answer(bytes, undefined, { limit: size }), `batches of ${size}`).toEqual(whole)
    }
  })

  test('random larger ones, mixed', async () => {
    const whole = await answer(bytes)
    const random = seeded(bytes.length)
    for (let round = 0; round < 30; round++) {
      const chunkBytes = 1 + Math.floor(random() * 3000)
      const limit = 1 + Math.floor(random() * 5000)
      const read = await answer(bytes, () => 1 + Math.floor(random() * 900), { chunkBytes, limit })
      expect(read, `chunks of ${chunkBytes}, batches of ${limit}`).toEqual(whole)
    }
  })
})

const sizes = fc.record({
  chunkBytes: fc.integer({ min: 1, max: 400 }),
  limit: fc.integer({ min: 1, max: 20 }),
  seed: fc.nat(),
})

test('random captures, sound and damaged', async () => {
  const property = fc.asyncProperty(fc.oneof(anyCapture, damagedCapture), sizes, async (bytes, options) => {
    const random = seeded(options.seed)
    expect(await answer(bytes, () => 1 + Math.floor(random() * 80), options)).toEqual(await answer(bytes))
  })
  await fc.assert(property, { numRuns: 500 })
})

test('random bytes end, with a fault or without', async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), sizes, async (bytes, options) => {
    const whole = await answer(bytes)
    expect(whole.fault?.kind ?? 'sound').toMatch(/foreign|cut|damaged|sound/)
    expect(await answer(bytes, () => options.limit, options)).toEqual(whole)
  })
  await fc.assert(property, { numRuns: 300 })
})
