/** The formats of a packet log: one file each, and one line here. */
import { createCsvFormat } from './csv.ts'
import { ROW_KEY_FIELDS } from './frame-rows.ts'
import { createJsonlFormat } from './jsonl.ts'
import type { PacketContext, PacketFormat, PacketFormatOptions } from './packet-format.ts'
import { createPcapngFormat, PCAPNG_KEY_FIELDS } from './pcapng.ts'
import { createTextFormat, TEXT_KEY_FIELDS } from './text.ts'

interface Entry {
  create(context: PacketContext, options: PacketFormatOptions): PacketFormat | Promise<PacketFormat>
  /** KEY_ bits that the flows must be told apart by. */
  readonly keyFields: number
  readonly endings: readonly string[]
}

const FORMATS = {
  text: { create: createTextFormat, keyFields: TEXT_KEY_FIELDS, endings: ['txt', 'log'] },
  csv: { create: createCsvFormat, keyFields: ROW_KEY_FIELDS, endings: ['csv'] },
  jsonl: { create: createJsonlFormat, keyFields: ROW_KEY_FIELDS, endings: ['jsonl', 'ndjson'] },
  pcapng: { create: createPcapngFormat, keyFields: PCAPNG_KEY_FIELDS, endings: ['pcapng', 'ntar'] },
  parquet: {
    // A package of its own, which other logs do without.
    create: async (context, { version = 'unknown' }) =>
      (await import('./parquet.ts')).createParquetFormat(context, version),
    keyFields: ROW_KEY_FIELDS,
    endings: ['parquet'],
  },
} as const satisfies Record<string, Entry>

export type PacketFormatName = keyof typeof FORMATS

export const PACKET_FORMATS = Object.keys(FORMATS) as readonly PacketFormatName[]

export function keyFieldsOf(format: PacketFormatName): number {
  return FORMATS[format].keyFields
}

export async function createPacketFormat(
  format: PacketFormatName,
  context: PacketContext,
  options: PacketFormatOptions,
): Promise<PacketFormat> {
  return FORMATS[format].create(context, options)
}

/** The format that a file's ending names, in any letter case; null when it names none. */
export function packetFormatFromPath(path: string): PacketFormatName | null {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()
  const named = Object.entries<Entry>(FORMATS).find(([, { endings }]) => endings.includes(ending ?? ''))
  return (named?.[0] as PacketFormatName | undefined) ?? null
}
