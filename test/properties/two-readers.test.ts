/** The WebAssembly parser and the plain reader of test/reference agree on every frame, and on where and how damage is met. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SourceDamage } from '../../src/capture/source.ts'
import { openFile } from '../../src/node/open-source.ts'
import { type ReferenceResult, readReference } from '../reference/pcap-reader.ts'
import { corpusFiles, corpusMissing } from '../support/corpus.ts'
import { anyCapture, damagedCapture } from '../support/random-captures.ts'
import { type ReadCapture, readCapture } from '../support/read-capture.ts'

const fits = (time: bigint | null) => time !== null && time > -(2n ** 63n) && time < 2n ** 63n

/** What both readers know, in one shape. */
function fromReference({ frames, damage }: ReferenceResult) {
  return {
    damage,
    frames: frames.map(({ time, origlen, linktype, data, interface: id }) => ({
      time: fits(time) ? time : null,
      origlen,
      linktype,
      interface: id,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
    })),
  }
}

function fromParser({ frames, fault }: ReadCapture) {
  return {
    damage: fault === null ? null : { kind: fault.kind, offset: Number(fault.offset) },
    frames: frames.map(({ time, origlen, linktype, interface: id, data }) => ({
      time,
      origlen,
      linktype,
      interface: id,
      data,
    })),
  }
}

/** Lowest and highest of the times that do not fit, by interface. */
function farTimes({ frames }: ReferenceResult): Map<number, [bigint, bigint]> {
  const extremes = new Map<number, [bigint, bigint]>()
  for (const { time, interface: id } of frames) {
    if (time === null || fits(time)) continue
    const [low, high] = extremes.get(id) ?? [time, time]
    extremes.set(id, [time < low ? time : low, time > high ? time : high])
  }
  return extremes
}

async function expectAgreement(bytes: Uint8Array): Promise<void> {
  const reference = readReference(bytes)
  const read = await readCapture(bytes)
  expect(fromParser(read)).toEqual(fromReference(reference))
  for (const [id, { farTimes: actual }] of read.interfaces.entries()) {
    expect(actual).toEqual(farTimes(reference).get(id) ?? null)
  }
}

/** One file decompresses to 256 MiB. What is cut here is a cut capture to both readers. */
const MOST_BYTES = 8 << 20

async function readStart(path: string): Promise<Buffer> {
  const source = await openFile(path)
  const into = Buffer.alloc(MOST_BYTES)
  let length = 0
  try {
    for (let bytes = -1; bytes !== 0 && length < into.length; length += bytes) {
      bytes = await source.read(into.subarray(length))
    }
  } catch (error) {
    // What came before the damage is compared.
    if (!(error instanceof SourceDamage)) throw error
  }
  await source.close()
  return into.subarray(0, length)
}

if (corpusMissing !== null) process.stdout.write(`skipped: ${corpusMissing}\n`)

describe.skipIf(corpusMissing !== null)('captures of the corpus', () => {
  test.each(corpusMissing === null ? corpusFiles() : [])('%s', async (path) => {
    await expectAgreement(await readStart(path))
  })
})

test('sound captures of every form', async () => {
  await fc.assert(fc.asyncProperty(anyCapture, expectAgreement), { numRuns: 300 })
})

test('cut and overwritten captures', async () => {
  await fc.assert(fc.asyncProperty(damagedCapture, expectAgreement), { numRuns: 600 })
})

test('any bytes behind the start of a capture', async () => {
  const start = fc.constantFrom('d4c3b2a1020004000000000000000000ffff000001000000', 'a1b23c4d00020004', '0a0d0d0a')
  const bytes = fc.tuple(start, fc.uint8Array({ maxLength: 200 }))
  await fc.assert(
    fc.asyncProperty(bytes, ([hex, rest]) => expectAgreement(Buffer.concat([Buffer.from(hex, 'hex'), rest]))),
    { numRuns: 300 },
  )
})
