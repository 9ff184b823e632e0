/**
 * Frames → CSV in the dialect of csv.ts. What comes from outside (names of interfaces) goes through csv-stringify, once; rows are
 * joined of what it made. A test holds them to the bytes of csv-stringify.
 */
import { KEY_DESTINATION, KEY_DESTINATION_PORT, KEY_SOURCE, KEY_SOURCE_PORT, KEY_VLAN } from '../../abi/key-fields.ts'
import { CSV } from '../csv.ts'
import { createLineWriter } from '../delimited.ts'
import { createInterfaceTexts, describeFlow, FlowTexts } from './flow-texts.ts'
import { createTimeWriter } from './frame-time.ts'
import { encode, LineBuffer, linePieces } from './line-buffer.ts'
import { NOTHING, type PacketContext, type PacketFormat, type PacketFormatOptions } from './packet-format.ts'

export const CSV_KEY_FIELDS = KEY_SOURCE | KEY_DESTINATION | KEY_SOURCE_PORT | KEY_DESTINATION_PORT | KEY_VLAN

/** The public interface of the format. */
export const PACKET_COLUMNS = [
  'frame',
  'time',
  'src',
  'dst',
  'protocol',
  'src_port',
  'dst_port',
  'length',
  'captured_length',
  'vlan',
  'interface',
] as const

const COMMA = encode(',')

export function createCsvFormat(context: PacketContext, { pieceBytes }: PacketFormatOptions): PacketFormat {
  const { flows } = context
  const line = createLineWriter(CSV)
  /** Fields with a comma before each. */
  const fields = (...values: (string | number | null)[]) => line(['', ...values]).slice(0, -1)
  const out = new LineBuffer()
  const writeTime = createTimeWriter('')
  const keys = new FlowTexts(flows, (row) => {
    const { source, destination, protocol, sourcePort, destinationPort, vlan } = describeFlow(row)
    return [`${fields(source, destination, protocol, sourcePort, destinationPort)},`, fields(vlan)]
  })
  const interfaces = createInterfaceTexts(
    (id) => context.interface(id).name,
    (name) => `${fields(name)}\n`,
  )
  return {
    header: () => encode(line(PACKET_COLUMNS)),
    news: () => null,
    frames: (batch, start, end, number) =>
      linePieces(out, start, end, pieceBytes, (i) => {
        const slot = keys.find(batch.flow[i]!)
        out.number(number + i - start)
        out.text(COMMA)
        writeTime(out, batch, i)
        keys.writeBefore(out, slot)
        out.number(batch.origlen[i]!)
        out.text(COMMA)
        out.number(batch.caplen[i]!)
        keys.writeBehind(out, slot)
        out.text(interfaces(batch.interface[i]!))
      }),
    footer: () => NOTHING,
    forgetFlows: () => keys.clear(),
  }
}
