/**
 * Records → the same records, with the names of hosts in place of the labels of their addresses, as far as names are known
 * in time.
 *
 * Names are an extra: waiting for them holds the output back for a bounded time in the whole run, whatever the servers do.
 * A name that comes later shows in the records that come later.
 */
import type { Analysis, AnalysisRecord, KeyColumn, KeyValue, Row, SpanRecord } from '../engine/records.ts'
import { isWorthAsking } from '../names/askable-labels.ts'

/** Who knows the names of hosts by the canonical text of their addresses. */
export interface HostNames {
  /** What is known now: null when the host has no name, undefined when nobody asked yet or the answer is on its way. */
  known(address: string): string | null | undefined
  /** Resolves when the answer is known, or when there will be none. Never rejects. */
  lookup(address: string): Promise<string | null>
}

export interface Clock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number
  /** Calls back once, `ms` from now; the function that it returns forgets the call. */
  after(ms: number, callback: () => void): () => void
}

export interface ResolveNamesOptions {
  /** How long all waiting together may take. */
  readonly budgetMs?: number
  /** Hosts of this many rows of a span are asked for, the first ones; the others show what is known. */
  readonly askedRows?: number
  readonly clock?: Clock
}

const DEFAULT_BUDGET_MS = 2000
const DEFAULT_ASKED_ROWS = 1000

const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/**
 * Lookups under way when the records end are left to themselves: whoever made `names` ends them. At no time are there more
 * of them than one span may ask for.
 */
export async function* resolveNames(
  records: AsyncIterable<AnalysisRecord>,
  analysis: Analysis,
  names: HostNames,
  { budgetMs = DEFAULT_BUDGET_MS, askedRows = DEFAULT_ASKED_ROWS, clock = SYSTEM_CLOCK }: ResolveNamesOptions = {},
): AsyncGenerator<AnalysisRecord> {
  const ends = namedEnds(analysis.columns)
  const underWay = new Map<string, Promise<unknown>>()
  const maxUnderWay = askedRows * ends.length
  let leftMs = budgetMs

  /** The answers that the first rows of a span still miss, each asked for once. */
  function askFor(rows: readonly Row[]): Promise<unknown>[] {
    const answers = new Set<Promise<unknown>>()
    for (const { key } of rows.slice(0, askedRows)) {
      for (const end of ends) {
        const address = askableAddress(key, end)
        if (address === null || names.known(address) !== undefined) continue
        let answer = underWay.get(address)
        if (answer === undefined) {
          if (underWay.size >= maxUnderWay) continue
          answer = names.lookup(address).finally(() => underWay.delete(address))
          underWay.set(address, answer)
        }
        answers.add(answer)
      }
    }
    return [...answers]
  }

  async function wait(answers: Promise<unknown>[]): Promise<void> {
    // Half of what is left: a few dead servers in the first windows leave something for each of the windows that follow.
    const shareMs = analysis.windowNs === null ? leftMs : leftMs / 2
    if (answers.length === 0 || shareMs < 1) return
    const start = clock.now()
    await settledWithin(answers, shareMs, clock)
    leftMs -= clock.now() - start
  }

  function withNames(row: Row): Row {
    let key: KeyValue[] | null = null
    for (const end of ends) {
      const address = askableAddress(row.key, end)
      const name = address === null ? null : names.known(address)
      if (!name) continue
      key ??= [...row.key]
      key[end.name] = name
      if (end.source >= 0) key[end.source] = 'ptr'
    }
    return key === null ? row : { ...row, key }
  }

  for await (const record of records) {
    if (record.type !== 'span' || ends.length === 0) {
      yield record
      continue
    }
    await wait(askFor(record.rows))
    yield { ...record, rows: record.rows.map(withNames) } satisfies SpanRecord
  }
}

/** Where in a key an address and its name stand. */
interface NamedEnd {
  readonly address: number
  readonly name: number
  /** Who told the name; -1 where nobody asks. */
  readonly source: number
}

const ENDS: readonly (readonly [KeyColumn, KeyColumn, KeyColumn])[] = [
  ['src', 'src_name', 'src_name_source'],
  ['dst', 'dst_name', 'dst_name_source'],
  ['host', 'host_name', 'host_name_source'],
]

function namedEnds(columns: readonly KeyColumn[]): NamedEnd[] {
  const at = (column: KeyColumn) => columns.indexOf(column)
  return ENDS.map(([address, name, source]) => ({ address: at(address), name: at(name), source: at(source) })).filter(
    ({ address, name }) => address >= 0 && name >= 0,
  )
}

function askableAddress(key: readonly KeyValue[], { address, name, source }: NamedEnd): string | null {
  // The capture has named it already, and be it with the word of a label.
  if (typeof key[source] === 'string') return null
  const text = key[address]
  const label = key[name]
  return typeof text === 'string' && typeof label === 'string' && isWorthAsking(label) ? text : null
}

function settledWithin(promises: readonly Promise<unknown>[], ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const forget = clock.after(ms, resolve)
    void Promise.allSettled(promises).then(() => {
      forget()
      resolve()
    })
  })
}
