/**
 * Frames → Parquet, one row a frame, with the columns of the other formats. A row group is many batches long, so most pieces hold
 * frames without a byte yet; the file is whole when the footer is.
 */
import { NO_TIME_HIGH_WORD, type StreamBatch } from '../../capture/frame-batch.ts'
import { SCHEMA_VERSION } from '../json-fields.ts'
import { type ColumnSpec, ParquetTable } from '../parquet/parquet-table.ts'
import { describeFlow, type FlowFacts } from './flow-texts.ts'
import { NOTHING, type PacketContext, type PacketFormat, type PacketPiece } from './packet-format.ts'

const COLUMNS: readonly ColumnSpec[] = [
  { name: 'frame', kind: 'integer', nullable: false },
  { name: 'time', kind: 'time', nullable: true },
  { name: 'time_ns', kind: 'nanoseconds', nullable: true },
  { name: 'src', kind: 'text', nullable: true },
  { name: 'dst', kind: 'text', nullable: true },
  { name: 'protocol', kind: 'text', nullable: false },
  { name: 'src_port', kind: 'small', nullable: true },
  { name: 'dst_port', kind: 'small', nullable: true },
  { name: 'length', kind: 'integer', nullable: false },
  { name: 'captured_length', kind: 'integer', nullable: false },
  { name: 'vlan', kind: 'text', nullable: true },
  { name: 'interface', kind: 'text', nullable: false },
]

/** Flows whose texts are remembered, some 300 bytes each. */
const MOST_FLOWS = 1 << 17

/** `version` is that of netkit. */
export function createParquetFormat(context: PacketContext, version: string): PacketFormat {
  const flows = new Map<number, FlowFacts>()
  const interfaces: string[] = []
  const table = new ParquetTable(COLUMNS, `netkit version ${version}`)
  const [frame, time, timeNs, src, dst, protocol, srcPort, dstPort, length, captured, vlan, face] = table.columns

  function flowOf(id: number): FlowFacts {
    let facts = flows.get(id)
    if (facts === undefined) {
      if (flows.size >= MOST_FLOWS) flows.clear()
      facts = describeFlow(context.flows.row(id))
      flows.set(id, facts)
    }
    return facts
  }

  function add(batch: StreamBatch, i: number, number: number): boolean {
    const flow = flowOf(batch.flow[i]!)
    const low = batch.time[2 * i]!
    const high = batch.time[2 * i + 1]!
    frame!.add(number)
    if (high === NO_TIME_HIGH_WORD && low === 0) {
      time!.add(null)
      timeNs!.add(null)
    } else {
      time!.addWords(low, high)
      timeNs!.addWords(low, high)
    }
    src!.add(flow.source)
    dst!.add(flow.destination)
    protocol!.add(flow.protocol)
    srcPort!.add(flow.sourcePort)
    dstPort!.add(flow.destinationPort)
    length!.add(batch.origlen[i]!)
    captured!.add(batch.caplen[i]!)
    vlan!.add(flow.vlan)
    const id = batch.interface[i]!
    interfaces[id] ??= context.interface(id).name ?? String(id)
    face!.add(interfaces[id])
    return table.endRow()
  }

  return {
    header: () => NOTHING,
    news: () => null,
    *frames(batch, start, end, number): Generator<PacketPiece> {
      let from = start
      for (let i = start; i < end; i++) {
        if (!add(batch, i, number + i - start)) continue
        yield { bytes: table.takeGroup(), frames: i + 1 - from }
        from = i + 1
      }
      if (from < end) yield { bytes: NOTHING, frames: end - from }
    },
    footer: () =>
      table.finish({
        'netkit.kind': 'packets',
        'netkit.schema_version': String(SCHEMA_VERSION),
        'netkit.version': version,
      }),
    forgetFlows: () => flows.clear(),
  }
}
