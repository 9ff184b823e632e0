import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { CaptureRecord } from '../../src/engine/records.ts'
import type { AnalyzeOptions } from '../../src/pipeline/analyze.ts'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { sampleCapture } from '../support/sample-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const folder = temporaryFolder()
const data = udpFrame({ payload: new Uint8Array(58) })
const write = (name: string, bytes: Uint8Array) => writeFile(folder, name, bytes)

async function described(files: readonly string[], options: Partial<AnalyzeOptions> = {}): Promise<CaptureRecord> {
  const { records } = await analyzeFiles(files, options)
  return records.find((record) => record.type === 'capture')!
}

describe('format', () => {
  test('each once, with its compression', async () => {
    const blocks = pcapng()
    const ng = write('x.pcapng', Buffer.concat([blocks.section(), blocks.interface(), blocks.packet({ data })]))
    const plain = write('x.pcap', sampleCapture)
    const gz = write('x.gz', gzipSync(sampleCapture))
    expect((await described([plain])).format).toBe('pcap')
    expect((await described([gz])).format).toBe('pcap (gzip)')
    expect((await described([write('y.pcap', sampleCapture), plain])).format).toBe('pcap')
    expect((await described([ng, plain, gz])).format.split(' + ').sort()).toEqual(['pcap', 'pcap (gzip)', 'pcapng'])
  })
})

describe('links and interfaces', () => {
  test('frames by link type, most first; drops as the capture states them', async () => {
    const blocks = pcapng()
    const file = write(
      'links.pcapng',
      Buffer.concat([
        blocks.section(),
        blocks.interface({ name: 'tun0', linktype: 101 }),
        blocks.interface({ name: 'eth0', snaplen: 96 }),
        blocks.interface(),
        blocks.packet({ interface: 0, data: data.subarray(14) }),
        blocks.packet({ interface: 1, data: data.subarray(0, 96), origlen: 100 }),
        blocks.packet({ interface: 2, data }),
        blocks.statistics({ interface: 1, received: 12n, dropped: 3n }),
      ]),
    )
    expect(await described([file])).toMatchObject({
      linktypes: [
        { number: 1, name: 'ETHERNET', packets: 2, bytes: 200 },
        { number: 101, name: 'RAW', packets: 1, bytes: 86 },
      ],
      interfaces: [
        { name: 'tun0', linktype: 101, received: null, dropped: null },
        { name: 'eth0', snaplen: 96, received: 12, dropped: 3 },
        { name: null, received: null, dropped: null },
      ],
      frames: 3,
      bytes: 286,
      capturedBytes: 282,
    })
  })
})

describe('accounting', () => {
  test('frames out of range are in the file, not in the rows', async () => {
    const file = write('range.pcap', pcap([0, 10, 20].map((seconds) => ({ seconds, data }))))
    const capture = await described([file], { sinceNs: 5_000_000_000n, untilNs: 20_000_000_000n })
    expect(capture).toMatchObject({ frames: 3, bytes: 300, firstNs: 10_000_000_000n, lastNs: 10_000_000_000n })
    expect(capture.accounting).toMatchObject({
      shown: { packets: 1, bytes: 100 },
      filtered: { packets: 2, bytes: 200 },
    })
  })

  test('bytes after the damage, where the file has a length', async () => {
    const bytes = Buffer.concat([sampleCapture.subarray(0, 140), Buffer.alloc(500, 0xff)])
    const capture = await described([write('bad.pcap', bytes)])
    expect(capture.accounting.unreadableBytes).toBe(500)
    expect(capture.damage).toMatchObject([
      { file: `${folder}/bad.pcap`, message: expect.stringContaining('at byte 140') },
    ])
    expect((await described([write('bad.gz', gzipSync(bytes))])).accounting.unreadableBytes).toBe(0)
  })

  test('why decoding stopped', async () => {
    const odd = Buffer.from(data)
    odd[14] = 0x41
    const file = write(
      'stops.pcap',
      pcap([
        { data },
        { data: data.subarray(0, 30), origlen: 100 },
        { data: odd },
        { data: Buffer.concat([data.subarray(0, 12), Buffer.from('88b5', 'hex'), new Uint8Array(46)]) },
      ]),
    )
    const { truncated, malformed, frames } = await described([file])
    expect({ truncated, malformed, frames }).toEqual({ truncated: 1, malformed: 1, frames: 4 })
  })

  test('times that no 64-bit nanosecond can say', async () => {
    const blocks = pcapng()
    const file = write(
      'far.pcapng',
      Buffer.concat([
        blocks.section(),
        blocks.interface({ tsresol: 0 }),
        blocks.packet({ ticks: 1n, data }),
        blocks.packet({ ticks: 10n ** 11n, data }),
      ]),
    )
    expect(await described([file])).toMatchObject({ firstNs: 1_000_000_000n, lastNs: 10n ** 20n, frames: 2 })
  })
})
