import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pcap, pcapHeader, pcapng, pcapRecord } from '../support/build-capture.ts'
import { captureFiles, capturesFolder } from '../support/captures.ts'
import { corpusFiles, corpusMissing } from '../support/corpus.ts'
import { logCaptures, rowsOf } from '../support/log-files.ts'
import { readCapture } from '../support/read-capture.ts'
import { sampleCapture, sampleRecords } from '../support/sample-capture.ts'
import { missingTools, output } from '../support/tools.ts'
import { udpFrame } from '../support/udp-frame.ts'

const captures = (names: readonly string[]) => names.map((name) => capturesFolder + name)

describe('logFrames', () => {
  test('counts what it has written', async () => {
    const { frames, length, dropped, problems } = await logCaptures([sampleCapture], { format: 'csv' })
    expect({ frames, length, dropped, problems }).toEqual({ frames: 6, length: 2460, dropped: null, problems: [] })
  })

  test('drops of all interfaces', async () => {
    const { dropped } = await logCaptures(captures(['pcapng-drops.pcapng']), { format: 'text' })
    const { interfaces } = await readCapture(readFileSync(`${capturesFolder}pcapng-drops.pcapng`))
    expect(dropped).toBe(interfaces.reduce((sum, one) => sum + (one.dropped ?? 0), 0))
    expect(dropped).toBeGreaterThan(0)
  })

  test('not more frames than asked for', async () => {
    for (const limit of [1, 5, 6, 7]) {
      const { frames, text } = await logCaptures([sampleCapture], { format: 'csv', limit })
      expect([frames, rowsOf(text).length]).toEqual([Math.min(limit, 6), Math.min(limit, 6)])
    }
  })

  test('several captures in the order of time, numbered as one', async () => {
    const at = (...seconds: number[]) => pcap(seconds.map((second) => ({ ...sampleRecords[0]!, seconds: second })))
    const { text } = await logCaptures([at(1, 4, 5), at(2, 3, 9)], { format: 'csv' })
    expect(rowsOf(text).map((row) => [row.frame, row.time!.slice(17, 19), row.interface])).toEqual([
      ['1', '01', '0'],
      ['2', '02', '1'],
      ['3', '03', '1'],
      ['4', '04', '0'],
      ['5', '05', '0'],
      ['6', '09', '1'],
    ])
  })

  test('damage: what is before it, and what it was', async () => {
    const { frames, problems } = await logCaptures(captures(['broken/pcap-cut-packet.pcap']), { format: 'text' })
    expect(frames).toBeGreaterThan(0)
    expect(problems).toMatchObject([{ kind: 'cut', partial: true }])
  })

  test('no capture: nothing at all; a capture without frames: a header', async () => {
    const { files, problems } = await logCaptures(captures(['broken/text.pcap']), { format: 'csv' })
    expect(files).toEqual([])
    expect(problems).toMatchObject([{ kind: 'foreign' }])
    const empty = await logCaptures(captures(['no-frames.pcapng']), { format: 'csv' })
    expect(empty.text).toMatch(/^frame,.*interface\n$/)
  })

  test('at once: a header before any frame', async () => {
    const { text } = await logCaptures([sampleCapture], { format: 'csv', atOnce: true })
    expect(text).toBe((await logCaptures([sampleCapture], { format: 'csv' })).text)
    const { files } = await logCaptures(captures(['broken/text.pcap']), { format: 'text', atOnce: true })
    expect(files).toHaveLength(1)
  })

  test('more flows than are remembered: rows of the right flow all the same', async () => {
    // Each flow comes twice, and is forgotten in between; 40 000 are several pages of the flow table.
    const flows = 100_000
    const frame = Buffer.from(udpFrame({ payload: new Uint8Array(0) }))
    const records = Array.from({ length: 2 * flows }, (_, i) => {
      frame.writeUInt32BE(0x0a000000 + (i % flows), 26)
      return pcapRecord({ data: Buffer.from(frame) })
    })
    const capture = Buffer.concat([pcapHeader({}), ...records])
    const { text } = await logCaptures([capture], { format: 'csv', mostFlows: 40_000 })
    expect(text).toBe((await logCaptures([capture], { format: 'csv' })).text)
    const sources = rowsOf(text).map(({ src }) => src)
    const expected = Array.from({ length: flows }, (_, n) => `10.${n >>> 16}.${(n >>> 8) & 255}.${n & 255}`)
    expect(sources).toEqual([...expected, ...expected])
  })
})

describe('rotation', () => {
  const data = udpFrame({ payload: new Uint8Array(20) })
  /** One frame every 100 ms. */
  const long = pcap(
    Array.from({ length: 10_000 }, (_, i) => ({ seconds: 1e9 + Math.floor(i / 10), fraction: (i % 10) * 1e5, data })),
  )

  test.each(['text', 'csv', 'jsonl', 'pcapng'] as const)('by size: %s', async (format) => {
    const whole = await logCaptures([long], { format })
    for (const bytes of [4096, 50_000, 100_000_000]) {
      const { files, frames } = await logCaptures([long], { format, rotation: { bytes } })
      expect(frames).toBe(10_000)
      for (const file of files) expect(file.length).toBeLessThanOrEqual(bytes)
      // Nearly full.
      for (const file of files.slice(0, -1)) expect(file.length).toBeGreaterThan(bytes * 0.8)
      if (format === 'pcapng') {
        const read = await Promise.all(files.map((file) => readCapture(file)))
        expect(read.flatMap(({ frames }) => frames.map(({ data, time }) => [data, time]))).toEqual(
          (await readCapture(long)).frames.map(({ data, time }) => [data, time]),
        )
      } else {
        const header = format === 'jsonl' ? '' : whole.text.slice(0, whole.text.indexOf('\n') + 1)
        for (const file of files) expect(file.toString().startsWith(header)).toBe(true)
        expect(header + files.map((file) => file.toString().slice(header.length)).join('')).toBe(whole.text)
      }
    }
  })

  test('by time: counted from the first frame, also over a gap', async () => {
    const times = [100, 105, 109.9, 110, 115, 112, 131, 139, 141]
    const capture = pcap(times.map((at) => ({ seconds: Math.floor(at), fraction: Math.round((at % 1) * 1e6), data })))
    const { files } = await logCaptures([capture], { format: 'csv', rotation: { ns: 10_000_000_000n } })
    expect(files.map((file) => rowsOf(file.toString()).map(({ frame }) => Number(frame)))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8],
      [9],
    ])
  })

  test('by both', async () => {
    const rotation = { ns: 60_000_000_000n, bytes: 20_000 }
    const { files, text } = await logCaptures([long], { format: 'csv', rotation })
    expect(text.match(/^\d/gm)).toHaveLength(10_000)
    for (const file of files) {
      expect(file.length).toBeLessThanOrEqual(20_000)
      const minutes = rowsOf(file.toString()).map(({ time }) => Math.floor((Date.parse(time!) / 1000 - 1e9) / 60))
      expect(new Set(minutes).size).toBe(1)
    }
  })

  test('a file without frames takes a record of any length', async () => {
    const huge = pcap([{ data: new Uint8Array(60_000) }, { data: new Uint8Array(60_000) }])
    const { files } = await logCaptures([huge], { format: 'pcapng', rotation: { bytes: 4096 } })
    expect(await Promise.all(files.map(async (file) => (await readCapture(file)).frames.length))).toEqual([1, 1])
  })

  test('frames without a time stay where they are', async () => {
    const blocks = pcapng()
    const simple = blocks.simplePacket({ data })
    const at = (seconds: number) => blocks.packet({ ticks: BigInt(seconds) * 1_000_000n, data })
    const capture = Buffer.concat([blocks.section(), blocks.interface(), simple, at(5), simple, at(16), simple])
    const { files } = await logCaptures([capture], { format: 'csv', rotation: { ns: 10_000_000_000n } })
    expect(files.map((file) => rowsOf(file.toString()).length)).toEqual([3, 2])
  })
})

const noTshark = missingTools('tshark')
if (noTshark !== null) console.log(`log against tshark: skipped, ${noTshark}`)

describe.skipIf(noTshark !== null)('frame numbers, lengths and addresses are those of tshark', () => {
  /** number, length, captured length, outermost IPv4 and IPv6 addresses, all that are there. */
  const FIELDS = ['frame.number', 'frame.len', 'frame.cap_len', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst']

  function byTshark(file: string): string[][] {
    const args = ['-n', '-r', file, '-T', 'fields', '-E', 'occurrence=f', ...FIELDS.flatMap((field) => ['-e', field])]
    return output('tshark', [...args, '-o', 'ip.defragment:FALSE', '-o', 'ipv6.defragment:FALSE'])
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'))
  }

  async function compare(file: string): Promise<number> {
    const theirs = byTshark(file)
    const ours = rowsOf((await logCaptures([file], { format: 'csv' })).text)
    expect(ours.map((row) => [row.frame, row.length, row.captured_length])).toEqual(
      theirs.map((row) => row.slice(0, 3)),
    )
    let compared = 0
    for (const [i, [, , , ip4Source, ip4Destination, ip6Source, ip6Destination]] of theirs.entries()) {
      const { src, dst } = ours[i]!
      // Where both read an IP header. (tshark also reads what netkit leaves, such as tunnels that have no decoder here.)
      if (!/^[\d.]+$|^[\da-f]*::?[\da-f:]*$/.test(src!) || /^(\w\w:){5}\w\w$/.test(src!)) continue
      compared++
      expect([
        [ip4Source, ip4Destination],
        [ip6Source, ip6Destination],
      ]).toContainEqual([src, dst])
    }
    return compared
  }

  // pcapng-other-blocks: tshark gives a number to a custom block, see below. ip-malformed: the addresses of a header that
  // is not one.
  const SOUND = captureFiles().filter(
    (name) => /^[\w-]+\.pcap(ng)?$/.test(name) && !/other-blocks|malformed/.test(name),
  )

  test.each(SOUND)('%s', async (name) => {
    await compare(capturesFolder + name)
  })

  test('a custom block has a number with tshark, none here', async () => {
    const [file] = captures(['pcapng-other-blocks.pcapng'])
    expect(byTshark(file!).map(([number, , , source]) => [number, source])).toEqual([
      ['1', '192.0.2.1'],
      ['2', ''],
      ['3', '198.51.100.2'],
      ['4', '192.0.2.1'],
    ])
    expect(rowsOf((await logCaptures([file!], { format: 'csv' })).text).map(({ frame, src }) => [frame, src])).toEqual([
      ['1', '192.0.2.1'],
      ['2', '198.51.100.2'],
      ['3', '192.0.2.1'],
    ])
  })

  if (corpusMissing !== null) console.log(`log of the corpus: skipped, ${corpusMissing}`)
  const corpus =
    corpusMissing === null
      ? corpusFiles().filter((file) => /PcapPlusPlus\/examples\/[\w-]+\.(pcap|pcapng|dmp)$/.test(file))
      : []
  test.skipIf(corpusMissing !== null)('captures of the corpus', { timeout: 60_000 }, async () => {
    let compared = 0
    for (const file of corpus) compared += await compare(file)
    expect(compared).toBeGreaterThan(10_000)
  })
})
