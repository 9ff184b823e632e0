/** Captures → the tables and columns of DuckDB that a query needs, read once. */
import * as key from '../../abi/key-fields.ts'
import { Parser } from '../../capture/parser.ts'
import { formatAddress } from '../../decoders/address-text.ts'
import type { CompiledFilter } from '../../filter/compiled-filter.ts'
import { ALWAYS, NameBook } from '../../names/name-book.ts'
import type { CaptureFile } from '../../pipeline/describe-capture.ts'
import type { FrameRun } from '../../pipeline/frame-run.ts'
import type { InputProblem } from '../../pipeline/input-problem.ts'
import { chunksOf, type Input } from '../../pipeline/inputs.ts'
import { NameReading } from '../../pipeline/name-reading.ts'
import { NameScanner } from '../../pipeline/name-scanner.ts'
import { type ReadOptions, readInputs } from '../../pipeline/read-inputs.ts'
import { CaptureRows, writeRow } from './capture-rows.ts'
import type { Database, DuckDb } from './duckdb.ts'
import { FlowRows, WindowRows } from './flow-rows.ts'
import { FlowValues } from './flow-values.ts'
import { InternedTexts } from './interned-texts.ts'
import { PacketRows } from './packet-rows.ts'
import { STORE, TableWriter } from './table-writer.ts'
import { type SqlColumn, type SqlTable, storedColumns, type TableName } from './tables.ts'

/** Columns that a query needs, by table: no other table is filled. */
export type NeededColumns = ReadonlyMap<TableName, ReadonlySet<string>>

export interface FillOptions extends Pick<ReadOptions, 'signal' | 'onProgress'> {
  readonly tables: readonly SqlTable[]
  readonly needed: NeededColumns
  readonly windowNs: bigint
  readonly filter?: CompiledFilter | undefined
  readonly salvage?: boolean
}

/** Some 230 bytes each, here and in the parser; `flows` and `windows` need them all. */
export const MOST_FLOWS = 10_000_000
/** Where nobody asks which flow a frame is of, they are forgotten from here on. */
const MOST_PASSING_FLOWS = 1 << 20

const FLOW_KEY = key.KEY_SOURCE | key.KEY_DESTINATION | key.KEY_SOURCE_PORT | key.KEY_DESTINATION_PORT | key.KEY_VLAN
const KEYS: Readonly<Record<string, number>> = {
  flow: FLOW_KEY,
  src: key.KEY_SOURCE,
  src_port: key.KEY_SOURCE_PORT,
  dst: key.KEY_DESTINATION,
  dst_port: key.KEY_DESTINATION_PORT,
  vlan: key.KEY_VLAN,
}

/** Throws what reading throws. `problems` receives what could not be read. */
export async function fillTables(
  duckdb: DuckDb,
  database: Database,
  module: WebAssembly.Module,
  inputs: readonly Input[],
  options: FillOptions,
  problems: InputProblem[],
): Promise<void> {
  const stored = (name: TableName, also: readonly string[] = []) => {
    const needed = options.needed.get(name)
    const table = options.tables.find((one) => one.name === name)!
    return needed === undefined ? null : storedColumns(table, new Set([...needed, ...also]))
  }
  const columns = {
    packets: stored('packets'),
    flows: stored('flows'),
    // What rows of one window and flow are found by.
    windows: stored('windows', ['window_start', 'flow']),
    names: stored('names'),
    captures: stored('captures'),
  }
  const writers = new Map<string, TableWriter>()
  for (const [table, list] of Object.entries(columns)) {
    if (list !== null) writers.set(table, await TableWriter.create(duckdb, database, table, list))
  }
  const keyFields = columns.flows === null && columns.windows === null ? keyOf(columns.packets ?? []) : FLOW_KEY
  const isPassing =
    columns.flows === null && columns.windows === null && !columns.packets?.some(({ name }) => name === 'flow')
  const parser = new Parser(module, {
    keyFields,
    filter: options.filter,
    salvage: options.salvage,
    names: columns.names !== null,
    ...chunksOf(inputs),
  })
  const book = columns.names === null ? null : new NameBook()
  const reading = book === null ? null : new NameReading(new NameScanner(parser, false), book)
  const ofFlows = [...(columns.flows ?? []), ...(columns.windows ?? [])].map(({ name }) => name)
  const flowValues = new FlowValues(duckdb, parser.flows, ofFlows)
  const windowWriter = writers.get('windows')
  const windows = windowWriter === undefined ? null : new WindowRows(windowWriter, flowValues, options.windowNs)
  const flows = columns.flows === null ? null : new FlowRows()
  const captures = columns.captures === null ? null : new CaptureRows()
  const packetWriter = writers.get('packets')
  const packets = packetWriter === undefined ? null : new PacketRows(duckdb, packetWriter, parser)

  const files: CaptureFile[] = []
  const add = (run: FrameRun) => {
    const { size } = parser.flows
    if (size > MOST_FLOWS) throw new TooManyFlows()
    packets?.add(run)
    flows?.add(run, size)
    windows?.add(run, size)
    captures?.add(run)
  }
  for await (const run of readInputs(module, inputs, { parser, files, problems }, options)) {
    if (reading !== null) {
      if (inputs.length === 1) run.stream.onSegmentEnd = () => reading.endSegment()
      await reading.scan(run)
    }
    add(run)
    reading?.note()
    if (isPassing && inputs.length === 1 && run.end === run.batch.count && parser.flows.size > MOST_PASSING_FLOWS) {
      parser.forgetFlows()
      packets?.forgetFlows()
    }
  }
  reading?.endSegment()
  windows?.close()
  flows?.write(writers.get('flows')!, flowValues, parser.flows.size)
  captures?.write(duckdb, writers.get('captures')!, inputs, files, problems)
  if (book !== null) writeNames(duckdb, writers.get('names')!, book)
  for (const writer of writers.values()) writer.close()
  if (windows?.isSplit) await joinWindows(database, columns.windows!)
}

export class TooManyFlows extends Error {
  override readonly name = 'TooManyFlows'

  constructor() {
    super(`more than ${MOST_FLOWS} flows: ask for fewer columns of flows, or leave some out with --filter`)
  }
}

function keyOf(columns: readonly SqlColumn[]): number {
  let fields = 0
  for (const { name } of columns) fields |= KEYS[name] ?? 0
  return fields
}

function writeNames(duckdb: DuckDb, writer: TableWriter, book: NameBook): void {
  const texts = new InternedTexts(duckdb)
  for (const { address, name, source, firstNs } of book.list(book.size)) {
    writeRow(writer, texts, {
      address: formatAddress(address),
      name,
      source,
      first_time: firstNs === ALWAYS ? null : firstNs,
    })
    if (writer.rows > 0) continue
    // All that was written is appended.
    texts.clear()
  }
}

async function joinWindows({ connection }: Database, columns: readonly SqlColumn[]): Promise<void> {
  const list = columns.map(({ name }) =>
    name === 'packets' || name === 'bytes' ? `sum("${name}")::BIGINT AS "${name}"` : `"${name}"`,
  )
  await connection.run(
    `CREATE TABLE ${STORE}.joined AS SELECT ${list.join(', ')} FROM ${STORE}.windows GROUP BY ALL ORDER BY window_start, flow`,
  )
  await connection.run(`DROP TABLE ${STORE}.windows`)
  await connection.run(`ALTER TABLE ${STORE}.joined RENAME TO windows`)
}
