/** Frames → JSON Lines, one object a frame. The names of its members are a public interface. */
import { SCHEMA_VERSION } from '../json-fields.ts'
import { CSV_KEY_FIELDS } from './csv.ts'
import { createInterfaceTexts, describeFlow, FlowTexts } from './flow-texts.ts'
import { createNsWriter } from './frame-time.ts'
import { encode, LineBuffer, linePieces } from './line-buffer.ts'
import { NOTHING, type PacketContext, type PacketFormat, type PacketFormatOptions } from './packet-format.ts'

export const JSONL_KEY_FIELDS = CSV_KEY_FIELDS

const START = encode(`{"type":"packet","schema_version":${SCHEMA_VERSION},"frame":`)
const TIME = encode(',"time_ns":')
const CAPTURED = encode(',"captured_length":')

export function createJsonlFormat(context: PacketContext, { pieceBytes }: PacketFormatOptions): PacketFormat {
  const { flows } = context
  const out = new LineBuffer()
  const writeTime = createNsWriter('null', '"')
  const keys = new FlowTexts(flows, (row) => {
    const { source, destination, protocol, sourcePort, destinationPort, vlan } = describeFlow(row)
    const key = { src: source, dst: destination, protocol, src_port: sourcePort, dst_port: destinationPort }
    return [`,${JSON.stringify(key).slice(1, -1)},"length":`, `,"vlan":${JSON.stringify(vlan)}`]
  })
  const interfaces = createInterfaceTexts(
    (id) => context.interface(id).name,
    (name) => `,"interface":${JSON.stringify(name)}}\n`,
  )
  return {
    header: () => NOTHING,
    news: () => null,
    frames: (batch, start, end, number) =>
      linePieces(out, start, end, pieceBytes, (i) => {
        const slot = keys.find(batch.flow[i]!)
        out.text(START)
        out.number(number + i - start)
        out.text(TIME)
        writeTime(out, batch, i)
        keys.writeBefore(out, slot)
        out.number(batch.origlen[i]!)
        out.text(CAPTURED)
        out.number(batch.caplen[i]!)
        keys.writeBehind(out, slot)
        out.text(interfaces(batch.interface[i]!))
      }),
    footer: () => NOTHING,
    forgetFlows: () => keys.clear(),
  }
}
