/**
 * Every capture of test/pcaps through the pipeline, compared with what tshark and capinfos say of it.
 *
 * Where the two mean different things, the test says so:
 * - `first_ns` and `last_ns` of the oracle are those of the first and last frame in the file; netkit's and capinfos's are
 *   the lowest and highest. So capinfos is asked where the file is not in the order of time.
 * - Windows of both begin at the first frame in the file that has a time, so a window before it has a negative index.
 * - Frames without an IP header have names in netkit and EtherTypes in the oracle; their addresses are not compared.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { CaptureRecord, Counts, Row, SpanRecord } from '../../src/engine/records.ts'
import { ethertypeName } from '../../src/names/ethertypes.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import { type AnalyzedFiles, analyzeFiles } from '../support/analyze-files.ts'
import { captureFiles, capturesFolder, oracleFiles, readOracle } from '../support/captures.ts'

const captures = captureFiles()
const { columns } = parseBy('pair')

/**
 * What netkit says of every capture that is not whole. `cut` is said of captures; a cut inside compressed data is damage to
 * the decompressor that meets it.
 */
const damaged: Readonly<Record<string, Pick<InputProblem, 'kind' | 'partial' | 'unreadableBytes'>>> = {
  'broken/crc-differs.pcap.gz': { kind: 'damaged', partial: true, unreadableBytes: 0 },
  'broken/cut.pcap.gz': { kind: 'cut', partial: true, unreadableBytes: 0 },
  'broken/cut.pcap.lz4': { kind: 'cut', partial: false, unreadableBytes: 0 },
  'broken/cut.pcap.zst': { kind: 'cut', partial: true, unreadableBytes: 0 },
  'broken/empty.pcap': { kind: 'foreign', partial: false, unreadableBytes: 0 },
  'broken/pcap-cut-file-header.pcap': { kind: 'cut', partial: false, unreadableBytes: 20 },
  'broken/pcap-cut-packet.pcap': { kind: 'cut', partial: true, unreadableBytes: 36 },
  'broken/pcap-cut-record-header.pcap': { kind: 'cut', partial: true, unreadableBytes: 7 },
  'broken/pcap-garbage-tail.pcap': { kind: 'damaged', partial: true, unreadableBytes: 100 },
  'broken/pcap-huge-caplen.pcap': { kind: 'damaged', partial: true, unreadableBytes: 358 },
  'broken/pcapng-cut-block.pcapng': { kind: 'cut', partial: true, unreadableBytes: 98 },
  'broken/pcapng-garbage-tail.pcapng': { kind: 'damaged', partial: true, unreadableBytes: 100 },
  'broken/pcapng-huge-block.pcapng': { kind: 'damaged', partial: true, unreadableBytes: 32 },
  'broken/pcapng-trailer-differs.pcapng': { kind: 'damaged', partial: true, unreadableBytes: 232 },
  'broken/pcapng-unknown-interface.pcapng': { kind: 'damaged', partial: true, unreadableBytes: 104 },
  'broken/pcapng-zero-length-block.pcapng': { kind: 'damaged', partial: true, unreadableBytes: 32 },
  'broken/text.pcap': { kind: 'foreign', partial: false, unreadableBytes: 0 },
}

/** tshark takes these for empty captures of a format without a magic number (ERF), and finds nothing wrong. */
const tsharkIsContent = ['broken/cut.pcap.lz4', 'broken/empty.pcap']

/** More than 2^31 seconds: capinfos takes the difference for a step back. */
const tooLongForCapinfos = ['time-gap-of-a-century.pcap']

describe('the list of captures', () => {
  it('is that of the oracle', () => {
    expect(oracleFiles(), 'run scripts/oracle-pcaps.sh').toEqual(captures)
  })

  it('is that of the README, with the oracle’s numbers', () => {
    const rows = readFileSync(`${capturesFolder}README.md`, 'utf8').matchAll(
      /^\| (\S+\.pcap\S*) \| .* \| (\d+) \| [^|]+ \|$/gm,
    )
    const described = Object.fromEntries([...rows].map(([, file, frames]) => [file, Number(frames)]))
    expect(described).toEqual(Object.fromEntries(captures.map((file) => [file, readOracle(file).packets])))
  })

  it('has a verdict for every damaged one', () => {
    expect(Object.keys(damaged)).toEqual(captures.filter((file) => file.startsWith('broken/')))
  })
})

describe.each(captures)('%s', (file) => {
  const oracle = readOracle(file)
  const path = `${capturesFolder}${file}`
  let whole: Promise<AnalyzedFiles> | undefined
  let windowed: Promise<AnalyzedFiles> | undefined
  const analyzeWhole = () => (whole ??= analyzeFiles([path]))
  const windowNs = BigInt(oracle.window_seconds) * 1_000_000_000n
  const analyzeWindows = () => (windowed ??= analyzeFiles([path], { windowNs }))

  it('is the file that the oracle looked at', () => {
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    expect(sha256, 'run scripts/oracle-pcaps.sh').toBe(oracle.sha256)
  })

  it('has the same packets, bytes and captured bytes', async () => {
    const { frames, bytes, capturedBytes } = captureOf(await analyzeWhole())
    expect([frames, bytes, capturedBytes]).toEqual([oracle.packets, oracle.bytes, oracle.captured_bytes])
    const { capinfos } = oracle
    if (capinfos['Number of packets'] === undefined) return
    expect([String(frames), String(bytes)]).toEqual([capinfos['Number of packets'], capinfos['Data size (bytes)']])
  })

  it('has the same first and last time', async () => {
    const { firstNs, lastNs } = captureOf(await analyzeWhole())
    const { 'Start time': start = '', 'End time': end = '', 'Strict time order': order } = oracle.capinfos
    const isInOrder = order !== 'False' || tooLongForCapinfos.includes(file)
    if (isInOrder) expect([firstNs, lastNs]).toEqual([oracle.first_ns, oracle.last_ns].map(nanoseconds))
    else expect([firstNs, lastNs]).toEqual([start, end].map(parseSeconds))
  })

  it('has the same flows, and frames without IP', async () => {
    const [span] = spansOf(await analyzeWhole())
    const expected = [...oracle.flows.map(([...row]) => row), ...oracle.non_ip.map(([...row]) => row)]
    expect(sumByKey((span?.rows ?? []).map(keyed))).toEqual(sumByKey(expected.map(oracleKeyed)))
  })

  it('has the same windows', async () => {
    const spans = spansOf(await analyzeWindows())
    const origin = nanoseconds(oracle.first_ns) ?? 0n
    const rows = spans.flatMap(({ startNs, endNs, rows }) => {
      expect(endNs! - startNs!).toBe(windowNs)
      expect((startNs! - origin) % windowNs).toBe(0n)
      return rows.map((row) => within((startNs! - origin) / windowNs, keyed(row)))
    })
    const expected = oracle.windows.map(([index, ...row]) => within(index, oracleKeyed(row)))
    expect(sumByKey(rows)).toEqual(sumByKey(expected))
    // An idle window is nobody's row, so the order is worth its own look.
    const starts = spans.map(({ startNs }) => startNs!)
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => (a < b ? -1 : 1)))
  })

  it('loses nothing: windows, late and untimed frames add up to the capture', async () => {
    const analyzed = await analyzeWindows()
    const { frames, bytes, accounting } = captureOf(analyzed)
    const inRows = sum(spansOf(analyzed).map(({ total }) => total))
    expect(sum(spansOf(analyzed).flatMap(({ rows }) => rows))).toEqual(inRows)
    expect(sum([accounting.shown, accounting.undecoded])).toEqual(inRows)
    expect(accounting.filtered).toEqual({ packets: 0, bytes: 0 })
    expect(accounting.untimed.packets).toBe(oracle.untimed)
    expect(sum([inRows, accounting.late, accounting.untimed])).toEqual({ packets: frames, bytes })
    expect(accounting.late.packets).toBe(0)
  })

  it(file in damaged ? 'is known to be damaged' : 'is sound', async () => {
    const { problems } = await analyzeWhole()
    const verdicts = problems.map(({ kind, partial, unreadableBytes }) => ({ kind, partial, unreadableBytes }))
    expect(verdicts).toEqual(file in damaged ? [damaged[file]] : [])
    if (!tsharkIsContent.includes(file)) expect(oracle.tshark.status !== 0).toBe(problems.length > 0)
  })
})

const NOTHING = { frames: 0, bytes: 0, capturedBytes: 0, firstNs: null, lastNs: null } as const

/** The facts of the capture; when nothing could be read there are none, and the oracle has zeros. */
function captureOf({ records }: AnalyzedFiles): Pick<CaptureRecord, keyof typeof NOTHING | 'accounting'> {
  const none = { packets: 0, bytes: 0 }
  const parts = { shown: none, filtered: none, undecoded: none, evicted: none, late: none, untimed: none }
  const accounting = {
    ...parts,
    whole: none,
    basis: 'frame',
    unreadableBytes: 0,
    dropped: null,
    snaplenCut: 0,
  } as const
  return records.find((record) => record.type === 'capture') ?? { ...NOTHING, accounting }
}

function spansOf({ records }: AnalyzedFiles): SpanRecord[] {
  return records.filter((record) => record.type === 'span')
}

interface Keyed extends Counts {
  readonly key: string
}

function keyed({ key, packets, bytes }: Row): Keyed {
  const cell = (column: (typeof columns)[number]) => key[columns.indexOf(column)]
  const protocol = cell('protocol_number')
  if (protocol === null) return { key: kindOf(String(cell('protocol'))), packets, bytes }
  return { key: `${cell('src')} > ${cell('dst')} ${protocol}`, packets, bytes }
}

function oracleKeyed(row: readonly (string | number)[]): Keyed {
  const key = row.slice(0, -2)
  const [packets, bytes] = row.slice(-2) as [number, number]
  const [src, dst, protocol] = key
  if (protocol !== undefined) return { key: `${src} > ${dst} ${protocol}`, packets, bytes }
  return { key: oracleKindOf(String(src)), packets, bytes }
}

/** What has no IP header, in words that both sides can say. */
function kindOf(protocol: string): string {
  if (protocol === 'IPv4' || protocol === 'IPv6') return 'no valid IP header'
  return protocol === '802.11' || protocol === 'USER0' ? 'other' : protocol
}

function oracleKindOf(kind: string): string {
  if (kind === 'llc') return 'LLC'
  return kind === 'ip-malformed'
    ? 'no valid IP header'
    : kindOf(kind.startsWith('0x') ? ethertypeName(Number(kind)) : kind)
}

function within(index: number | bigint, { key, ...counts }: Keyed): Keyed {
  return { key: `window ${index}: ${key}`, ...counts }
}

function sumByKey(rows: readonly Keyed[]): Readonly<Record<string, Counts>> {
  const keys = [...new Set(rows.map(({ key }) => key))].sort()
  return Object.fromEntries(keys.map((key) => [key, sum(rows.filter((row) => row.key === key))]))
}

function sum(counts: readonly Counts[]): Counts {
  return {
    packets: counts.reduce((total, { packets }) => total + packets, 0),
    bytes: counts.reduce((total, { bytes }) => total + bytes, 0),
  }
}

function nanoseconds(text: string | null): bigint | null {
  return text === null ? null : BigInt(text)
}

/** '1704067200.000005' → nanoseconds. */
function parseSeconds(text: string): bigint {
  const [whole, fraction = ''] = text.split('.')
  return BigInt(`${whole}${fraction.padEnd(9, '0')}`)
}
