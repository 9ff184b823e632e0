/** What was read, as one record: formats, links, interfaces, totals, and where every frame went. */

import type { CaptureInterface, Parser } from '../capture/parser.ts'
import type { Compression } from '../capture/source.ts'
import type { CaptureFormat } from '../capture/stream.ts'
import { STOP_MALFORMED, STOP_TRUNCATED, STOP_UNSUPPORTED } from '../decoders/frame.ts'
import type { Engine } from '../engine/engine.ts'
import type { CaptureRecord, Counts, LinktypeCount } from '../engine/records.ts'
import { linktypeName } from '../names/linktypes.ts'
import type { InputProblem } from './input-problem.ts'

export interface CaptureFile {
  readonly name: string
  readonly format: CaptureFormat
  readonly compression: Compression | null
  /** Those that were whole in it, whatever a time range or a filter left out. */
  readonly frames?: number
}

/** What an engine knows of all frames together. */
export type CaptureSums = Pick<
  Engine,
  'total' | 'stopped' | 'accounting' | 'cut' | 'protocols' | 'firstNs' | 'lastNs' | 'shape'
>

export interface CaptureParts {
  readonly parser: Parser
  readonly engine: Engine
  readonly files: CaptureFile[]
  readonly problems: InputProblem[]
  /** Reading went on behind damage. */
  readonly salvage?: boolean
}

export type CountedParts = Omit<CaptureParts, 'engine'> & { readonly engine: CaptureSums }

export function describeCapture({ parser, engine, files, problems, salvage = false }: CountedParts): CaptureRecord {
  const interfaces = parser.interfaces()
  const filtered = sum(interfaces, ({ filtered: { packets, length } }) => ({ packets, bytes: length }))
  const inFile = sum(interfaces, framesOf)
  const kept = sum(interfaces, ({ counted }) => counted)
  const [firstNs, lastNs] = timeRange(engine, interfaces)
  const { shape } = engine
  return {
    type: 'capture',
    files: files.map(({ name }) => name),
    format: formatText(files),
    interrupted: false,
    linktypes: countLinktypes(interfaces),
    interfaces: interfaces.map(({ name, linktype, snaplen, received, dropped }) => ({
      name,
      linktype,
      snaplen,
      received,
      dropped,
    })),
    frames: inFile.packets,
    bytes: inFile.bytes,
    kept,
    capturedBytes: engine.total.capturedBytes,
    firstNs,
    lastNs,
    truncated: engine.stopped(STOP_TRUNCATED),
    malformed: engine.stopped(STOP_MALFORMED),
    unsupported: engine.stopped(STOP_UNSUPPORTED),
    accounting: {
      // Frames by what the parser has counted, not by what became of them: else the sum would prove nothing.
      whole: {
        packets: inFile.packets,
        bytes: parser.basis === 'frame' ? inFile.bytes : engine.total.bytes + filtered.bytes,
      },
      basis: parser.basis,
      ...engine.accounting(),
      filtered,
      unreadableBytes: problems.reduce((bytes, problem) => bytes + problem.unreadableBytes, 0),
      dropped: sumOfDrops(interfaces),
      snaplenCut: engine.cut,
    },
    damage: problems.map(({ file, kind, message }) => ({ file, kind, message })),
    salvage: salvage ? problems.flatMap((problem) => problem.salvage ?? []) : null,
    protocols: engine.protocols(),
    ...(shape !== undefined && { shape }),
  }
}

function sumOfDrops(interfaces: readonly CaptureInterface[]): number | null {
  const known = interfaces.flatMap(({ dropped }) => (dropped === null ? [] : [dropped]))
  return known.length === 0 ? null : known.reduce((sum, dropped) => sum + dropped, 0)
}

/** Every frame of an interface, inside the time range or not, by its original length. */
function framesOf({ counted, filtered }: CaptureInterface): Counts {
  return { packets: counted.packets + filtered.packets, bytes: counted.bytes + filtered.bytes }
}

function sum<T>(items: readonly T[], countsOf: (item: T) => Counts): Counts {
  let packets = 0
  let bytes = 0
  for (const item of items) {
    const counts = countsOf(item)
    packets += counts.packets
    bytes += counts.bytes
  }
  return { packets, bytes }
}

function countLinktypes(interfaces: readonly CaptureInterface[]): LinktypeCount[] {
  const byNumber = new Map<number, LinktypeCount>()
  for (const facts of interfaces) {
    const { linktype } = facts
    const known = byNumber.get(linktype) ?? { number: linktype, name: linktypeName(linktype), packets: 0, bytes: 0 }
    const { packets, bytes } = framesOf(facts)
    byNumber.set(linktype, { ...known, packets: known.packets + packets, bytes: known.bytes + bytes })
  }
  return [...byNumber.values()].sort((a, b) => b.packets - a.packets || a.number - b.number)
}

/** The engine's first and last time, and those that no 64-bit nanosecond can say. */
function timeRange(engine: CaptureSums, interfaces: readonly CaptureInterface[]): [bigint | null, bigint | null] {
  let { firstNs, lastNs } = engine
  for (const { farTimes } of interfaces) {
    if (farTimes === null) continue
    const [lowest, highest] = farTimes
    if (firstNs === null || lowest < firstNs) firstNs = lowest
    if (lastNs === null || highest > lastNs) lastNs = highest
  }
  return [firstNs, lastNs]
}

/** `pcapng`, `pcap (gzip)`, or what several files are, each once. */
function formatText(files: readonly CaptureFile[]): string {
  const texts = files.map(({ format, compression }) => (compression === null ? format : `${format} (${compression})`))
  return [...new Set(texts)].join(' + ')
}
