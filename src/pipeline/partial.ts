/**
 * Counts of a range ↔ bytes: what one machine has counted, for another that merges it (partial-merge.ts, read-ranges.ts). The encoding
 * has a version, and holds a flow's key once, then a few bytes for each of its counts: 4 to 6 in place of the 24 they have in memory.
 */
import { type FlowCountRows, NUMBERS_PER_ROW, type ProtocolCounts } from '../capture/counter.ts'
import { NAME_SOURCES, type Sighting } from '../names/name-book.ts'
import { PartialError, PartialReader, PartialWriter } from './partial-bytes.ts'
import type { RangeCounts } from './range-counter.ts'

/** Stands at the start: `NKP`, and the version of what follows. */
const MAGIC = 'NKP1'

/** Ranges of one job, in their order. `rowLength`: bytes of a flow's row, see Parser. */
export function encodeCounts(ranges: readonly RangeCounts[], rowLength: number): Uint8Array<ArrayBuffer> {
  const writer = new PartialWriter()
  writer.text(MAGIC)
  writer.uint(rowLength)
  writer.uint(ranges.length)
  for (const range of ranges) writeRange(writer, range, rowLength)
  return writer.take()
}

/** Throws a {@link PartialError} when the bytes are not what {@link encodeCounts} made. */
export function decodeCounts(bytes: Uint8Array): RangeCounts[] {
  const reader = new PartialReader(bytes)
  if (reader.text() !== MAGIC) throw new PartialError('a partial result has an encoding that this netkit does not know')
  const rowLength = reader.uint()
  if (rowLength === 0) throw new PartialError('a partial result has flows without keys')
  const ranges = Array.from({ length: reader.count() }, () => readRange(reader, rowLength))
  if (!reader.isAtEnd) throw new PartialError('a partial result is longer than what it holds')
  return ranges
}

function writeRange(writer: PartialWriter, counts: RangeCounts, rowLength: number): void {
  writer.uint(counts.index)
  writer.int(counts.start)
  writer.uint(counts.end)
  writer.uint(counts.frames)
  writer.flag(counts.isPlain)
  writer.flag(counts.flowsBeginAgain)
  writer.columns(counts.flows, rowLength)
  writer.uint(counts.interfaces.length)
  for (const row of counts.interfaces) writer.bytes(row)
  writer.uint(counts.names.length)
  for (const { address, name, source, ns } of counts.names) {
    writer.text(address)
    writer.text(name)
    writer.uint(NAME_SOURCES.indexOf(source))
    writer.big(ns)
  }
  for (const sum of [counts.packets, counts.bytes, counts.capturedBytes, counts.cut]) writer.uint(sum)
  writer.uint(counts.stops.length)
  for (const frames of counts.stops) writer.uint(frames)
  writer.uint(counts.protocols.length)
  for (const { family, protocol, packets, bytes } of counts.protocols) {
    for (const number of [family, protocol, packets, bytes]) writer.uint(number)
  }
  writer.bigOrNull(counts.firstNs)
  writer.bigOrNull(counts.lastNs)
  writeRows(writer, counts.untimed)
  writer.uint(counts.buckets.length)
  for (const { number, rows } of counts.buckets) {
    writer.big(number)
    writeRows(writer, rows)
  }
}

function readRange(reader: PartialReader, rowLength: number): RangeCounts {
  const head = { index: reader.uint(), start: reader.int(), end: reader.uint(), frames: reader.uint() }
  const isPlain = reader.flag()
  const flowsBeginAgain = reader.flag()
  const flows = reader.columns(rowLength)
  const interfaces = list(reader, () => reader.bytes())
  const names = list(reader, () => readSighting(reader))
  const sums = { packets: reader.uint(), bytes: reader.uint(), capturedBytes: reader.uint(), cut: reader.uint() }
  const stops = list(reader, () => reader.uint())
  const protocols = list(
    reader,
    (): ProtocolCounts => ({
      family: reader.uint(),
      protocol: reader.uint(),
      packets: reader.uint(),
      bytes: reader.uint(),
    }),
  )
  const times = { firstNs: reader.bigOrNull(), lastNs: reader.bigOrNull() }
  const untimed = readRows(reader)
  const buckets = list(reader, () => ({ number: reader.big(), rows: readRows(reader) }))
  return {
    ...head,
    isPlain,
    flowsBeginAgain,
    flows,
    interfaces,
    names,
    ...sums,
    stops,
    protocols,
    ...times,
    untimed,
    buckets,
  }
}

function readSighting(reader: PartialReader): Sighting {
  const address = reader.text()
  const name = reader.text()
  const source = NAME_SOURCES[reader.uint()]
  if (source === undefined) throw new PartialError('a partial result has a name of an unknown kind')
  return { address, name, source, ns: reader.big() }
}

/** Flows that were first seen one after the other are counted one after the other: most steps are 1. */
function writeRows(writer: PartialWriter, rows: FlowCountRows): void {
  writer.uint(rows.length / NUMBERS_PER_ROW)
  let before = -1
  for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
    writer.int(rows[i]! - before - 1)
    writer.uint(rows[i + 1]!)
    writer.uint(rows[i + 2]!)
    before = rows[i]!
  }
}

function readRows(reader: PartialReader): FlowCountRows {
  const rows = new Float64Array(reader.count() * NUMBERS_PER_ROW)
  let before = -1
  for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
    before += reader.int() + 1
    rows[i] = before
    rows[i + 1] = reader.uint()
    rows[i + 2] = reader.uint()
  }
  return rows
}

function list<T>(reader: PartialReader, read: () => T): T[] {
  return Array.from({ length: reader.count() }, read)
}
