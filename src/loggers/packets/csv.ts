/**
 * Frames → CSV in the dialect of csv.ts. What comes from outside (names of interfaces) goes through csv-stringify, once; rows are
 * joined of what it made. A test holds them to the bytes of csv-stringify.
 */
import { CSV } from '../csv.ts'
import { createFieldEncoder, createLineWriter } from '../delimited.ts'
import { guardDialect } from '../dialect.ts'
import { encode } from '../line-buffer.ts'
import { createRowFormat, PACKET_COLUMNS } from './frame-rows.ts'
import { createTimeWriter } from './frame-time.ts'
import type { PacketContext, PacketFormat, PacketFormatOptions } from './packet-format.ts'

export function createCsvFormat(context: PacketContext, options: PacketFormatOptions): PacketFormat {
  const dialect = guardDialect(CSV, options)
  const line = createLineWriter(dialect)
  return createRowFormat(context, options, {
    header: encode(line(PACKET_COLUMNS)),
    before: (column) => (column === PACKET_COLUMNS[0] ? '' : ','),
    end: '\n',
    none: '',
    quote: '',
    encode: createFieldEncoder(dialect),
    writeTime: createTimeWriter(''),
  })
}
