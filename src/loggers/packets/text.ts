/**
 * Frames → lines for people: number, time in UTC, source, destination, protocol, length on the wire.
 *
 *       1  2025-11-03T10:00:05.123456789Z  192.168.1.20      → 203.0.113.10       TCP        66
 */
import { KEY_DESTINATION, KEY_SOURCE } from '../../abi/key-fields.ts'
import type { FlowRow } from '../../capture/flow-row.ts'
import { encode, fixedText, LineBuffer } from '../line-buffer.ts'
import { printable } from '../printable.ts'
import { describeFlow, FlowTexts } from './flow-texts.ts'
import { createTimeWriter } from './frame-time.ts'
import { linePieces } from './line-pieces.ts'
import { NOTHING, type PacketContext, type PacketFormat, type PacketFormatOptions } from './packet-format.ts'

export const TEXT_KEY_FIELDS = KEY_SOURCE | KEY_DESTINATION

const NUMBER_WIDTH = 7
const TIME_WIDTH = 30
/**
 * IPv4 and MAC addresses; fe80:: with an interface id; any IPv6 address. One that is longer takes the next, so that its likes
 * line up.
 */
const ADDRESS_WIDTHS = [17, 25, 39] as const
const PROTOCOL_WIDTH = 6
const LENGTH_WIDTH = 6
const GAP = '  '
const NONE = '-'

const HEADER = [
  'Frame'.padStart(NUMBER_WIDTH),
  'Time'.padEnd(TIME_WIDTH),
  `${'Source'.padEnd(ADDRESS_WIDTHS[0])}   ${'Destination'.padEnd(ADDRESS_WIDTHS[0])}`,
  'Proto'.padEnd(PROTOCOL_WIDTH),
  'Length'.padStart(LENGTH_WIDTH),
].join(GAP)

const GAP_TEXT = fixedText(GAP)
const LINE_END = fixedText('\n')

export function createTextFormat({ flows }: PacketContext, { pieceBytes }: PacketFormatOptions): PacketFormat {
  const out = new LineBuffer()
  const writeTime = createTimeWriter(NONE.padEnd(TIME_WIDTH))
  const ends = new FlowTexts(
    flows,
    (out, row) => out.text(fixedText(endsText(row))),
    () => {},
  )
  return {
    header: () => encode(`${HEADER}\n`),
    news: () => null,
    frames: (batch, start, end, number) =>
      linePieces(out, ends, batch, [start, end], pieceBytes, (i, flow) => {
        out.padded(number + i - start, NUMBER_WIDTH)
        out.text(GAP_TEXT)
        writeTime(out, batch, i)
        ends.writeBefore(out, flow)
        out.padded(batch.origlen[i]!, LENGTH_WIDTH)
        out.text(LINE_END)
      }),
    footer: () => NOTHING,
    forgetFlows: () => ends.clear(),
  }
}

function endsText(row: FlowRow): string {
  const { source, destination, protocol } = describeFlow(row)
  const ends = `${padAddress(source ?? NONE)} → ${padAddress(destination ?? NONE)}`
  return GAP + ends + GAP + printable(protocol).padEnd(PROTOCOL_WIDTH) + GAP
}

function padAddress(address: string): string {
  return address.padEnd(ADDRESS_WIDTHS.find((width) => width >= address.length) ?? 0)
}
