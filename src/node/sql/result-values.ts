/** Values of a result → text and JSON as netkit prints them: times as RFC 3339 in UTC, whole numbers to the last digit. */
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { formatTime } from '../../loggers/time-text.ts'
import type { DuckDb } from './duckdb.ts'

/** A column of a result. */
export interface ResultColumn {
  readonly name: string
  readonly type: DuckDBType
  /** Its values stand to the right in a table. */
  readonly isNumber: boolean
}

const NS_PER_MICROSECOND = 1000n
const NS_PER_MILLISECOND = 1_000_000n
const NS_PER_SECOND = 1_000_000_000n
/** DuckDB's infinity, positive and negative, in each unit. */
const INFINITY = 2n ** 63n - 1n
const SAFE = BigInt(Number.MAX_SAFE_INTEGER)
/** So many digits come back from a double as they were. */
const EXACT_DIGITS = 15

export function resultColumns(
  { api }: DuckDb,
  names: readonly string[],
  types: readonly DuckDBType[],
): readonly ResultColumn[] {
  const { DuckDBTypeId: id } = api
  const numbers: readonly number[] = [
    id.TINYINT,
    id.SMALLINT,
    id.INTEGER,
    id.BIGINT,
    id.HUGEINT,
    id.UTINYINT,
    id.USMALLINT,
    id.UINTEGER,
    id.UBIGINT,
    id.UHUGEINT,
    id.FLOAT,
    id.DOUBLE,
    id.DECIMAL,
    id.BIGNUM,
  ]
  return names.map((name, i) => ({ name, type: types[i]!, isNumber: numbers.includes(types[i]!.typeId) }))
}

export interface ValueTexts {
  /** Null for NULL. */
  textOf(value: DuckDBValue, type: DuckDBType): string | null
  /** As JSON: numbers as far as a double has them exactly, else text. */
  jsonOf(value: DuckDBValue, type: DuckDBType): unknown
}

export function createValueTexts({ api }: DuckDb): ValueTexts {
  const { DuckDBTypeId: id } = api
  const nested: readonly number[] = [id.LIST, id.STRUCT, id.MAP, id.ARRAY, id.UNION]
  const times = new Map<number, (value: never) => readonly [units: bigint, ns: bigint]>([
    [id.TIMESTAMP_NS, ({ nanos }: { nanos: bigint }) => [nanos, 1n]],
    [id.TIMESTAMP, ({ micros }: { micros: bigint }) => [micros, NS_PER_MICROSECOND]],
    [id.TIMESTAMP_TZ, ({ micros }: { micros: bigint }) => [micros, NS_PER_MICROSECOND]],
    [id.TIMESTAMP_MS, ({ millis }: { millis: bigint }) => [millis, NS_PER_MILLISECOND]],
    [id.TIMESTAMP_S, ({ seconds }: { seconds: bigint }) => [seconds, NS_PER_SECOND]],
  ])

  function textOf(value: DuckDBValue, { typeId }: DuckDBType): string | null {
    if (value === null || value === undefined) return null
    const time = times.get(typeId)
    return time === undefined ? String(value) : timeText(...time(value as never))
  }

  function jsonOf(value: DuckDBValue, type: DuckDBType): unknown {
    if (value === null || value === undefined) return null
    if (typeof value === 'boolean' || typeof value === 'string') return value
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
    if (typeof value === 'bigint') return value <= SAFE && value >= -SAFE ? Number(value) : String(value)
    if (nested.includes(type.typeId)) return api.JsonDuckDBValueConverter(value, type, api.JsonDuckDBValueConverter)
    const text = textOf(value, type)!
    return type.typeId === id.DECIMAL && text.replace(/\D/g, '').length <= EXACT_DIGITS ? Number(text) : text
  }

  return { textOf, jsonOf }
}

function timeText(units: bigint, ns: bigint): string {
  if (units === INFINITY || units === -INFINITY) return units > 0n ? 'infinity' : '-infinity'
  return formatTime(units * ns)
}
