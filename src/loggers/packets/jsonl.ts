/** Frames → JSON Lines, one object a frame. The names of its members are a public interface. */
import { SCHEMA_VERSION } from '../json-fields.ts'
import { jsonText } from '../json-text.ts'
import { createRowFormat } from './frame-rows.ts'
import { createNsWriter } from './frame-time.ts'
import { NOTHING, type PacketContext, type PacketFormat, type PacketFormatOptions } from './packet-format.ts'

export function createJsonlFormat(context: PacketContext, options: PacketFormatOptions): PacketFormat {
  return createRowFormat(context, options, {
    header: NOTHING,
    before(column) {
      if (column === 'frame') return `{"type":"packet","schema_version":${SCHEMA_VERSION},"frame":`
      return `,"${column === 'time' ? 'time_ns' : column}":`
    },
    end: '}\n',
    none: 'null',
    quote: '"',
    encode: (value) => jsonText(value),
    writeTime: createNsWriter('null', '"'),
  })
}
