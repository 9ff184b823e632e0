/** Rows that a query gives of captures, in this process. */
import { findInputs } from '../../src/node/inputs.ts'
import { answer } from '../../src/node/sql/answer.ts'
import { splitInputs } from '../../src/node/sql/parquet-inputs.ts'
import type { TextFormat } from '../../src/node/sql/result-formats.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import type { Input } from '../../src/pipeline/inputs.ts'

export interface AskOptions {
  readonly windowNs?: bigint
  readonly format?: TextFormat
  readonly allowFiles?: boolean
  readonly memory?: number
  readonly problems?: InputProblem[]
  readonly width?: number | null
  /** In place of files. */
  readonly inputs?: readonly Input[]
}

export async function askText(names: readonly string[], query: string, options: AskOptions = {}): Promise<string> {
  const { captures, parquet } = await splitInputs(names)
  const inputs = options.inputs ?? (captures.length === 0 ? [] : await findInputs(captures))
  let text = ''
  const output = {
    write: async (data: string | Uint8Array) => {
      text += data
    },
    finish: async () => {},
    abandon: async () => {},
  }
  const { windowNs = 1_000_000_000n, memory = 256 * 2 ** 20, allowFiles = false } = options
  const plain = (part: string) => part
  await answer(
    { query, inputs, parquet, windowNs, memory, threads: 2, allowFiles },
    loadCaptureModule(),
    options.problems ?? [],
    {
      format: options.format ?? 'json',
      output,
      style: { bold: plain, dim: plain },
      width: options.width ?? null,
      footer: true,
      header: true,
      excelSafe: false,
      forTerminal: false,
      beforeFirst: () => {},
    },
  )
  return text
}

export type AskedRow = Readonly<Record<string, unknown>>

export async function ask(names: readonly string[], query: string, options: AskOptions = {}): Promise<AskedRow[]> {
  return JSON.parse(await askText(names, query, { ...options, format: 'json' })) as AskedRow[]
}
