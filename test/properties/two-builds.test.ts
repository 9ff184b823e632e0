import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { BothBuilds } from '../support/both-builds.ts'
import { corpusFiles, corpusMissing, readFrames } from '../support/corpus.ts'
import { sampleFrames } from '../support/sample-frames.ts'
import { anyFrame } from '../support/walk-inputs.ts'

/** Without tunnels; into tunnels; into tunnels, counting by the innermost header. */
const MODES = [
  { tunnels: false, innermost: false },
  { tunnels: true, innermost: false },
  { tunnels: true, innermost: true },
]

let builds: BothBuilds

if (corpusMissing !== null) process.stdout.write(`skipped: both builds on real captures: ${corpusMissing}\n`)

beforeAll(async () => {
  builds = await BothBuilds.create()
})

describe('the decoders as tsc and as asc build them find the same after every step', () => {
  test.each(sampleFrames)('$name', ({ linktype, bytes }) => {
    for (const mode of MODES) {
      for (let length = 0; length <= bytes.length; length++) {
        const cut = bytes.subarray(0, length)
        expect(builds.compare({ bytes: cut, linktype, origlen: bytes.length, ...mode })).toBeNull()
        expect(builds.compare({ bytes: cut, linktype, origlen: length, ...mode })).toBeNull()
      }
    }
  })

  test('for any bytes', () => {
    fc.assert(
      fc.property(anyFrame, fc.constantFrom(...MODES), (input, mode) => {
        expect(builds.compare({ ...input, ...mode })).toBeNull()
      }),
      { numRuns: 5000 },
    )
  })

  test.skipIf(corpusMissing !== null)('for every frame of the reference captures', async () => {
    let frames = 0
    for await (const { file, ...input } of readFrames(corpusFiles())) {
      frames++
      for (const mode of MODES) {
        const difference = builds.compare({ ...input, ...mode })
        if (difference !== null) expect.fail(`${file}, frame ${frames} of all: ${difference}`)
      }
    }
    expect(frames).toBeGreaterThan(50_000)
  })
})
