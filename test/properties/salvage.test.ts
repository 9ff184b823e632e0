/**
 * What --salvage promises: behind garbage it finds nearly every frame and none that was not there, says to the byte what it
 * passed over, and leaves sound captures as they are.
 */
import { describe, expect, test } from 'vitest'
import { openFile } from '../../src/node/open-source.ts'
import { captureFiles, capturesFolder } from '../support/captures.ts'
import { corpusFiles, corpusMissing } from '../support/corpus.ts'
import { captureBytes, garbage, insertAt, randomNumbers, readSalvaging, recordOffsets } from '../support/salvage.ts'

const GARBAGE_BYTES = 1024
const SEEDS = [1, 2, 3]

const pcaps = [
  'office.pcap',
  'office-snaplen-96.pcap',
  'any-sll2.pcap',
  'raw.pcap',
  'icmp-errors.pcap',
  'compressed/plain.pcap',
  'pcap-ns-big-endian.pcap',
  'pcap-modified.pcap',
  'ipv6-extensions.pcap',
  'gtp-u.pcap',
]
const pcapngs = [
  'office.pcapng',
  'any-sll.pcapng',
  'two-interfaces.pcapng',
  'loopback.pcapng',
  'fragments.pcapng',
  'vlan.pcapng',
  'vxlan.pcapng',
  'geneve.pcapng',
  'gre.pcapng',
  '6in4.pcapng',
]

type Frame = Awaited<ReturnType<typeof readSalvaging>>['frames'][number]

const identity = ({ time, origlen, linktype, data }: Frame) => `${time} ${origlen} ${linktype} ${data}`

describe('1 KB of garbage in the middle', () => {
  test.each([...pcaps, ...pcapngs])('%s, between two records', async (name) => {
    const bytes = captureBytes(capturesFolder + name)
    const sound = await readSalvaging(bytes)
    const offsets = recordOffsets(bytes)
    expect(offsets.length - 1).toBe(sound.frames.length)
    for (const seed of SEEDS) {
      const random = randomNumbers(seed)
      const middle = Math.floor(sound.frames.length / 2)
      const at = offsets[middle]!
      const { frames, losses } = await readSalvaging(insertAt(bytes, at, garbage(GARBAGE_BYTES, random)))
      expect(frames).toEqual(sound.frames)
      expect(losses).toMatchObject({ places: 1, bytes: GARBAGE_BYTES, atEnd: false })
      expect(losses.listed).toMatchObject([{ offset: at, bytes: GARBAGE_BYTES, framesBefore: middle }])
    }
  })

  test.each(pcapngs)('%s, inside of a block, which is lost', async (name) => {
    const bytes = captureBytes(capturesFolder + name)
    const sound = await readSalvaging(bytes)
    const offsets = recordOffsets(bytes)
    for (const seed of SEEDS) {
      const random = randomNumbers(seed)
      const hit = Math.floor(sound.frames.length / 2)
      const start = offsets[hit]!
      const end = offsets[hit + 1]!
      const at = start + 1 + random(end - start - 1)
      const { frames, losses } = await readSalvaging(insertAt(bytes, at, garbage(GARBAGE_BYTES, random)))
      expect(frames.map(identity)).toEqual(sound.frames.filter((_, i) => i !== hit).map(identity))
      expect(losses.listed).toMatchObject([{ offset: start, bytes: end - start + GARBAGE_BYTES, framesBefore: hit }])
      expect(losses).toMatchObject({ places: 1, atEnd: false })
    }
  })

  // Nothing in a pcap record tells that its bytes are not its own: the one that was hit is there, with wrong ones.
  test.each(pcaps)('%s, inside of a packet, whose frame stays in place', async (name) => {
    const bytes = captureBytes(capturesFolder + name)
    const sound = await readSalvaging(bytes)
    const offsets = recordOffsets(bytes)
    for (const seed of SEEDS) {
      const random = randomNumbers(seed)
      const hit = Math.floor(sound.frames.length / 2)
      const header = name === 'pcap-modified.pcap' ? 24 : 16
      const at = offsets[hit]! + header + 1 + random(sound.frames[hit]!.caplen - 1)
      const { frames, losses } = await readSalvaging(insertAt(bytes, at, garbage(GARBAGE_BYTES, random)))
      expect(frames.map(({ time, origlen, caplen }) => `${time} ${origlen} ${caplen}`)).toEqual(
        sound.frames.map(({ time, origlen, caplen }) => `${time} ${origlen} ${caplen}`),
      )
      const others = (list: readonly Frame[]) => list.filter((_, i) => i !== hit).map(identity)
      expect(others(frames)).toEqual(others(sound.frames))
      expect(losses.listed).toMatchObject([{ offset: offsets[hit + 1], bytes: GARBAGE_BYTES, framesBefore: hit + 1 }])
    }
  })

  test.each(pcaps)('%s, inside of a record header, whose frame is lost', async (name) => {
    const bytes = captureBytes(capturesFolder + name)
    const sound = await readSalvaging(bytes)
    const offsets = recordOffsets(bytes)
    for (const seed of SEEDS) {
      const random = randomNumbers(seed)
      const hit = Math.floor(sound.frames.length / 2)
      // In the captured length or before it, so that the header is not the old one.
      const at = offsets[hit]! + 1 + random(10)
      const { frames, losses } = await readSalvaging(insertAt(bytes, at, garbage(GARBAGE_BYTES, random)))
      expect(frames.map(identity)).toEqual(sound.frames.filter((_, i) => i !== hit).map(identity))
      const lost = offsets[hit + 1]! - offsets[hit]! + GARBAGE_BYTES
      expect(losses.listed).toMatchObject([{ offset: offsets[hit], bytes: lost, framesBefore: hit }])
    }
  })
})

describe('garbage of any length anywhere behind the headers', () => {
  test.each([...pcaps, ...pcapngs])('%s: no frame that was not there, and all but two that were', async (name) => {
    const bytes = captureBytes(capturesFolder + name)
    const sound = await readSalvaging(bytes)
    const [first] = recordOffsets(bytes) as [number]
    // Of a pcap record that is hit in the middle, the bytes may be wrong.
    const isPcap = name.endsWith('.pcap')
    const known = (frame: Frame) => (isPcap ? `${frame.time} ${frame.origlen} ${frame.caplen}` : identity(frame))
    const there = new Set(sound.frames.map(known))
    for (let seed = 1; seed <= 12; seed++) {
      const random = randomNumbers(seed)
      const at = first + random(bytes.length - first)
      const length = 1 + random(3000)
      const { frames, losses } = await readSalvaging(insertAt(bytes, at, garbage(length, random)))
      const about = `seed ${seed}: ${length} bytes at ${at}`
      expect(
        frames.filter((frame) => !there.has(known(frame))),
        about,
      ).toEqual([])
      expect(frames.length, about).toBeGreaterThanOrEqual(sound.frames.length - 2)
      expect(frames.length, about).toBeLessThanOrEqual(sound.frames.length)
      expect(losses.places, about).toBeLessThanOrEqual(2)
    }
  })
})

describe('sound captures', () => {
  async function expectUnchanged(file: string): Promise<boolean> {
    const plain = await readSalvaging(await openFile(file), { salvage: false })
    if (plain.fault !== null) return false
    const salvaged = await readSalvaging(await openFile(file))
    expect(salvaged.losses.listed, file).toEqual([])
    expect(salvaged, file).toEqual(plain)
    return true
  }

  test('of the project are as without', async () => {
    let sound = 0
    for (const file of captureFiles()) {
      if (await expectUnchanged(capturesFolder + file)) sound++
    }
    expect(sound).toBeGreaterThan(45)
  })

  test.skipIf(corpusMissing !== null)('of the corpus are as without', { timeout: 300_000 }, async () => {
    let sound = 0
    for (const file of corpusFiles()) if (await expectUnchanged(file)) sound++
    expect(sound).toBeGreaterThan(450)
  })
})
