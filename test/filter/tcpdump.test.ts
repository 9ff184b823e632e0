/**
 * The same frames as tcpdump's filter selects, frame by frame: every expression of expressions.ts over Ethernet frames of
 * test/pcaps and, where it is there, the corpus; and a part of them over those of every other link type.
 */

import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LAYOUTS } from '../../src/filter/layouts.ts'
import { capturesFolder } from '../support/captures.ts'
import { corpusFiles, corpusMissing, readFrames } from '../support/corpus.ts'
import {
  FramesByLink,
  type LinkFrames,
  netkitVerdict,
  type SampleFrame,
  tcpdumpVerdict,
  type Verdict,
} from '../support/tcpdump-verdicts.ts'
import { missingTools } from '../support/tools.ts'
import { EXPRESSIONS } from './expressions.ts'

const missing = missingTools('tcpdump')
const MOST_FRAMES = 600
/** Of the corpus one capture in so many: each has frames like those of others. */
const CORPUS_STRIDE = 3
const TOGETHER = 4

/** Of other link types than Ethernet one expression in so many, and not the same for all. */
const OTHERS_STRIDE = 12
const ETHERNET = 1
const NULL = 0

/**
 * LINKTYPE_NULL has the AF_ number of whatever system has captured, in its byte order: of a file libpcap knows those of BSDs and
 * macOS in the file's byte order. netkit knows that of Linux, and any byte order, too; here are those that both know.
 */
function isKnownToBoth({ linktype, bytes }: SampleFrame): boolean {
  if (linktype !== NULL) return true
  return bytes.length >= 4 && [2, 24, 28, 30].includes(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true))
}

describe.skipIf(missing !== null)('filters against tcpdump', () => {
  const frames = new FramesByLink(MOST_FRAMES)
  let links: LinkFrames[] = []

  beforeAll(async () => {
    const own = readdirSync(capturesFolder).filter((name) => /\.pcap(ng)?$/.test(name))
    const corpus = corpusMissing === null ? corpusFiles().filter((_, i) => i % CORPUS_STRIDE === 0) : []
    for await (const frame of readFrames([...own.map((name) => capturesFolder + name), ...corpus])) {
      if (LAYOUTS.has(frame.linktype) && isKnownToBoth(frame)) frames.add(frame)
    }
    links = frames.write()
  }, 60_000)

  afterAll(() => frames.remove())

  it('has expressions enough', () => {
    expect(EXPRESSIONS.length).toBeGreaterThan(300)
  })

  it('selects the same frames, and refuses the same filters', { timeout: 240_000 }, async () => {
    const differences: string[] = []
    const queue = links.flatMap((link, turn) =>
      EXPRESSIONS.filter((_, i) => link.linktype === ETHERNET || i % OTHERS_STRIDE === turn % OTHERS_STRIDE).map(
        (expression) => ({ link, expression }),
      ),
    )
    const work = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const { link, expression } = next
        const [theirs, ours] = await Promise.all([tcpdumpVerdict(link, expression), netkitVerdict(link, expression)])
        if (JSON.stringify(theirs) !== JSON.stringify(ours)) {
          differences.push(`${link.linktype}: ${expression}: tcpdump ${shorten(theirs)}, netkit ${shorten(ours)}`)
        }
      }
    }
    await Promise.all(Array.from({ length: TOGETHER }, work))
    expect(differences.sort()).toEqual([])
  })
})

function shorten(verdict: Verdict): string {
  return verdict === 'refused' ? verdict : `${verdict.length} (${verdict.slice(0, 5).join()})`
}
