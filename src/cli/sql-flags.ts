/** The flags and arguments of `netkit sql` and what they mean. */
import { readFile, stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { Flags, type Interfaces } from '@oclif/core'
import { RESULT_FORMATS, type ResultFormat, resultFormatFromPath } from '../node/sql/result-formats.ts'
import { reasonOf } from '../node/system-error.ts'
import { analyzeFlags } from './analyze-flags.ts'
import { usageError } from './exit-codes.ts'
import { parseBytes } from './parse-bytes.ts'
import { parseDuration } from './parse-duration.ts'
import { parseFlag } from './parse-flag.ts'

const QUERY = 'QUERY'
const OUTPUT = 'OUTPUT'
const LIMITS = 'LIMITS'

const GIB = 2 ** 30
/** DuckDB needs so much to do anything. */
const LEAST_MEMORY = 64 * 2 ** 20

export const sqlFlags = {
  file: Flags.string({
    helpValue: 'query.sql',
    helpGroup: QUERY,
    summary: 'Read the query from a file (- for stdin). All arguments are captures and folders then.',
  }),
  tables: Flags.boolean({
    helpGroup: QUERY,
    summary:
      'List the tables with their columns, types, units and an example of each; with captures, what these hold. The queries .tables and .schema do the same.',
    exclusive: ['file'],
  }),
  window: Flags.string({
    char: 'w',
    default: '1',
    helpValue: '5|500ms|1m',
    helpGroup: QUERY,
    summary: 'Length of the windows in the table windows. They start at round times of the clock.',
  }),
  read: analyzeFlags.read,
  filter: analyzeFlags.filter,
  salvage: analyzeFlags.salvage,

  format: Flags.option({ char: 'T', options: RESULT_FORMATS })({
    helpGroup: OUTPUT,
    summary: "Output format. Default: by the ending of -o's FILE, else text.",
  }),
  output: Flags.string({
    char: 'o',
    helpValue: 'FILE',
    helpGroup: OUTPUT,
    summary: 'Write to FILE (whole or not at all) in place of stdout.',
  }),
  header: analyzeFlags.header,
  'excel-safe': analyzeFlags['excel-safe'],
  quiet: Flags.boolean({
    char: 'q',
    helpGroup: OUTPUT,
    summary: 'The rows only: no progress bar, no count of rows below the table.',
  }),

  memory: Flags.string({
    helpValue: '2GB',
    helpGroup: LIMITS,
    summary:
      'Memory for tables and the query; what is more is kept in a folder of the temporary directory ($TMPDIR), which is removed at the end. Default: 1 GiB, or half of what there is.',
  }),
  jobs: Flags.integer({
    char: 'j',
    min: 1,
    helpValue: 'N',
    helpGroup: LIMITS,
    summary: 'Threads that the query runs on. Default: one for each processor.',
  }),
  'allow-files': Flags.boolean({
    helpGroup: LIMITS,
    summary:
      'The query may read and write any file that you may: read_csv, COPY, ATTACH. Without it, it sees nothing but what is named here. Extensions are never fetched.',
  }),
}

export type SqlFlags = Interfaces.InferredFlags<typeof sqlFlags>

export interface SqlPlan {
  /** Captures, folders, Parquet files. */
  readonly names: readonly string[]
  /** Null: the tables are listed. */
  readonly query: string | null
  readonly format: ResultFormat
  readonly windowNs: bigint
  readonly memory: number
  readonly threads: number
}

const LISTS = /^\s*\.(tables|schema)\s*;?\s*$/i

export async function sqlPlanOf(flags: SqlFlags, args: readonly string[]): Promise<SqlPlan> {
  const given = [...(flags.read ?? [])]
  const isAsked = !flags.tables && flags.file === undefined
  const names = [...given, ...(isAsked ? args.slice(0, -1) : args)]
  const last = isAsked ? args.at(-1) : undefined
  if (isAsked && last === undefined)
    throw usageError('no query: the last argument is one, as in "select * from packets"')
  const text = flags.tables ? null : await queryOf(flags, last ?? '', names)
  if (isAsked && last !== '-' && (await exists(last!))) {
    throw usageError(`no query: ${last} is a file; the last argument is the query, as in "select * from packets"`)
  }
  const windowNs = parseFlag('window', flags.window, parseDuration)
  return {
    names,
    query: text === null || LISTS.test(text) ? null : text,
    format: flags.format ?? (flags.output === undefined ? 'text' : resultFormatFromPath(flags.output)),
    windowNs,
    memory: parseFlag('memory', flags.memory, parseMemory) ?? defaultMemory(),
    threads: flags.jobs ?? availableParallelism(),
  }
}

async function queryOf({ file }: SqlFlags, last: string, names: readonly string[]): Promise<string> {
  const from = file ?? (last === '-' ? '-' : null)
  if (from === null) return last
  if (from !== '-') {
    return readFile(from, 'utf8').catch((error) => {
      throw usageError(`--file: cannot read ${from}: ${reasonOf(error)}`)
    })
  }
  if (names.includes('-')) throw usageError('stdin is either the query or a capture: name one of them in another way')
  if (process.stdin.isTTY)
    throw usageError('the query is to come from stdin, which is a terminal: write it as the last argument')
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function parseMemory(text: string): number {
  const bytes = parseBytes(text)
  if (bytes < LEAST_MEMORY) throw new Error(`'${text}' is too little; 64MiB are the least`)
  return bytes
}

/** In a container, half of what that may take. */
function defaultMemory(): number {
  const allowed = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return Math.max(LEAST_MEMORY, Math.min(GIB, allowed / 2, totalmem() / 2))
}
