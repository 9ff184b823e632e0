/** Frames → rows with the columns below: what CSV and JSON Lines have in common, which is all but the text between values. */
import { KEY_DESTINATION, KEY_DESTINATION_PORT, KEY_SOURCE, KEY_SOURCE_PORT, KEY_VLAN } from '../../abi/key-fields.ts'
import type { FlowRow } from '../../capture/flow-row.ts'
import { protocolName } from '../../names/protocols.ts'
import type { FieldForm } from '../field-form.ts'
import { type FixedText, fixedText, LineBuffer } from '../line-buffer.ts'
import { createInterfaceTexts, FlowTexts, formatVlan } from './flow-texts.ts'
import type { WriteTime } from './frame-time.ts'
import { linePieces } from './line-pieces.ts'
import { NOTHING, type PacketContext, type PacketFormat, type PacketFormatOptions } from './packet-format.ts'

export const ROW_KEY_FIELDS = KEY_SOURCE | KEY_DESTINATION | KEY_SOURCE_PORT | KEY_DESTINATION_PORT | KEY_VLAN

/** The public interface of both formats. */
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

export type PacketColumn = (typeof PACKET_COLUMNS)[number]

export interface RowForm extends FieldForm<PacketColumn> {
  readonly header: Uint8Array
  readonly writeTime: WriteTime
}

export function createRowFormat(
  context: PacketContext,
  { pieceBytes }: PacketFormatOptions,
  form: RowForm,
): PacketFormat {
  const { end, writeTime } = form
  const before = Object.fromEntries(PACKET_COLUMNS.map((column) => [column, fixedText(form.before(column))])) as Record<
    PacketColumn,
    FixedText
  >
  const none = fixedText(form.none)
  const quote = fixedText(form.quote)
  const protocols = new Map<number, FixedText>()

  function writeProtocol(out: LineBuffer, { family, protocol }: FlowRow): void {
    const key = family * 0x10000 + protocol
    let text = protocols.get(key)
    if (text === undefined) {
      text = fixedText(form.encode(protocolName(family, protocol)))
      protocols.set(key, text)
    }
    out.text(text)
  }

  function writeAddress(out: LineBuffer, address: Uint8Array): void {
    if (address.length === 0) {
      out.text(none)
    } else {
      out.text(quote)
      out.address(address)
      out.text(quote)
    }
  }

  /** ASCII, '' for none. */
  function writeQuoted(out: LineBuffer, text: string): void {
    if (text === '') {
      out.text(none)
    } else {
      out.text(quote)
      out.ascii(text)
      out.text(quote)
    }
  }

  function writePort(out: LineBuffer, port: number): void {
    if (port === 0) out.text(none)
    else out.number(port)
  }

  const flows = new FlowTexts(
    context.flows,
    (out, row) => {
      out.text(before.src)
      writeAddress(out, row.source)
      out.text(before.dst)
      writeAddress(out, row.destination)
      out.text(before.protocol)
      writeProtocol(out, row)
      out.text(before.src_port)
      writePort(out, row.sourcePort)
      out.text(before.dst_port)
      writePort(out, row.destinationPort)
      out.text(before.length)
    },
    (out, row) => {
      out.text(before.vlan)
      writeQuoted(out, formatVlan(row.vlan) ?? '')
    },
  )
  const interfaces = createInterfaceTexts(
    (id) => context.interface(id).name,
    (name) => form.before('interface') + form.encode(name) + end,
  )
  const out = new LineBuffer()
  return {
    header: () => form.header,
    news: () => null,
    frames: (batch, start, end, number) =>
      linePieces(out, flows, batch, [start, end], pieceBytes, (i, flow) => {
        out.text(before.frame)
        out.number(number + i - start)
        out.text(before.time)
        writeTime(out, batch, i)
        flows.writeBefore(out, flow)
        out.number(batch.origlen[i]!)
        out.text(before.captured_length)
        out.number(batch.caplen[i]!)
        flows.writeBehind(out, flow)
        out.text(interfaces(batch.interface[i]!))
      }),
    footer: () => NOTHING,
    forgetFlows: () => flows.clear(),
  }
}
