import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { CommandError, EXIT_INTERRUPTED_TWICE, EXIT_RUNTIME_ERROR, EXIT_USAGE, usageError } from '../cli/exit-codes.ts'
import { compileFilterFlag } from '../cli/filter-flags.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { createProgress } from '../cli/progress.ts'
import { type SqlFlags, type SqlPlan, sqlFlags, sqlPlanOf } from '../cli/sql-flags.ts'
import { describeFilled, describeTables } from '../cli/sql-tables.ts'
import { isTerminal, terminalStyle, terminalWidth } from '../cli/terminal.ts'
import { printable } from '../loggers/printable.ts'
import { formatSeconds } from '../loggers/time-text.ts'
import { findInputs, totalSize } from '../node/inputs.ts'
import { isStdout, type Output, openOutput } from '../node/output.ts'
import { answer, type Question, withTables } from '../node/sql/answer.ts'
import { DuckDbMissing } from '../node/sql/duckdb.ts'
import { splitInputs } from '../node/sql/parquet-inputs.ts'
import { QueryError } from '../node/sql/query-error.ts'
import { sqlTables } from '../node/sql/tables.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'

export default class Sql extends BaseCommand {
  static override summary = 'Ask captures anything, in SQL.'

  static override description =
    `The last argument is a query; those before it are captures, folders, globs, - for stdin, and Parquet files that netkit has
written (analyze --format parquet, log --format parquet, live --record). - in place of the query reads it from stdin.

Tables: packets, flows, windows, names, captures; --tables lists their columns. Only what the query needs is read, once, into
DuckDB, whose SQL it is. Rows of Parquet files stand in windows and packets beside those of captures; any other Parquet file is a
table named after it. Times are TIMESTAMP_NS in UTC, exact; time_ns and window_start_ns are the same as numbers.

The query sees no other file and no network, fetches nothing, and cannot change that (--allow-files lets it at files).
DuckDB is an optional package: npm install @duckdb/node-api.

Exit codes: 0 ok, 1 runtime error (also: DuckDB is not installed), 2 usage, a query that is wrong or refused, 5 not a readable
capture, 6 damaged or cut capture (what was readable is in the tables), 130 the query was interrupted.`

  static override examples = [
    {
      description: 'Who talked most',
      command:
        '<%= config.bin %> <%= command.id %> capture.pcap "select src, sum(bytes) as bytes from flows group by src order by bytes desc limit 10"',
    },
    {
      description: 'Bandwidth by hour of a folder of captures, as CSV',
      command:
        '<%= config.bin %> <%= command.id %> /var/captures "select time_bucket(interval 1 hour, window_start) as hour, sum(bytes) * 8 / 3600 as bits_per_second from windows group by hour order by hour" -o hours.csv',
    },
    {
      description: 'Who knocked at port 445 at night',
      command:
        '<%= config.bin %> <%= command.id %> capture.pcap "select distinct src, dst from packets where dst_port = 445 and hour(time) not between 6 and 21"',
    },
    { description: 'What there is to ask', command: '<%= config.bin %> <%= command.id %> --tables' },
    {
      description: 'A query from a file',
      command: '<%= config.bin %> <%= command.id %> capture.pcap --file query.sql -T json',
    },
  ]

  // Any number of captures.
  static override strict = false

  static override args = {
    source: Args.string({ description: 'Captures, folders, globs, Parquet files; the last argument is the query.' }),
  }

  static override flags = sqlFlags

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Sql)
    const plan = await sqlPlanOf(flags, argv as string[])
    try {
      await this.#answer(plan, flags)
    } catch (error) {
      if (error instanceof DuckDbMissing) throw new CommandError(error.message, EXIT_RUNTIME_ERROR)
      if (!(error instanceof QueryError)) throw error
      this.complain(`query: ${error.message}`)
      for (const line of error.picture === '' ? [] : error.picture.split('\n'))
        process.stderr.write(`${printable(line)}\n`)
      process.exitCode = exitCodeOf(error)
    }
  }

  async #answer(plan: SqlPlan, flags: SqlFlags): Promise<void> {
    const { query, names, format } = plan
    if (format === 'parquet' && isTerminal(flags.output)) {
      throw usageError('--format parquet: not onto a terminal; name a file with -o, or send it into a pipe')
    }
    if (query === null && names.length === 0)
      return this.#list(flags, describeTables(sqlTables(formatSeconds(plan.windowNs))))
    const filter = await compileFilterFlag(flags.filter)
    const { captures, parquet } = await splitInputs(names)
    const inputs = captures.length === 0 ? [] : await findInputs(captures, true)
    const files = [...inputs.map(({ path }) => path), ...parquet.flatMap((one) => one.files)]
    const signal = interruptSignal()
    const output = await openOutput(flags.output, files)
    const progress = createProgress(flags.quiet ? null : totalSize(inputs))
    const problems: InputProblem[] = []
    const isShown = isTerminal(flags.output)
    const question: Question = {
      // Every column of every table.
      query: query ?? 'from packets; from flows; from windows; from names; from captures',
      inputs,
      parquet,
      filter,
      signal,
      windowNs: plan.windowNs,
      memory: plan.memory,
      threads: plan.threads,
      salvage: flags.salvage,
      allowFiles: flags['allow-files'],
      mayBeEmpty: query === null,
      onProgress: (_frames, bytes) => progress.update(bytes),
    }
    try {
      if (query === null) await this.#listFilled(question, output, problems)
      else {
        await answer(question, loadCaptureModule(), problems, {
          format,
          output,
          style: terminalStyle(flags.output),
          width: isShown ? terminalWidth(flags.output) : null,
          footer: !flags.quiet,
          header: flags.header,
          excelSafe: flags['excel-safe'],
          forTerminal: isShown,
          beforeFirst: (isPartial) => {
            progress.stop()
            if (isPartial) this.complain('interrupted: the answer is of what was read until then')
          },
        })
      }
    } finally {
      progress.stop()
      for (const sentence of explainProblems(problems)) this.complain(sentence)
      process.exitCode = exitCodeOfProblems(problems)
    }
  }

  async #listFilled(question: Question, output: Output, problems: InputProblem[]): Promise<void> {
    try {
      const text = await withTables(question, loadCaptureModule(), problems, describeFilled)
      await output.write(text)
      await output.finish()
    } catch (error) {
      await output.abandon()
      throw error
    }
  }

  async #list({ output }: SqlFlags, text: string): Promise<void> {
    const target = await openOutput(isStdout(output) ? undefined : output, [])
    await target.write(text)
    await target.finish()
  }
}

function exitCodeOf({ kind }: QueryError): number {
  if (kind === 'interrupted') return EXIT_INTERRUPTED_TWICE
  return kind === 'query' ? EXIT_USAGE : EXIT_RUNTIME_ERROR
}
