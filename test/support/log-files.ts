/** What `logFrames` makes of captures, in this process. */

import { findInputs } from '../../src/node/inputs.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import type { Input } from '../../src/pipeline/inputs.ts'
import { type LogOptions, logFrames } from '../../src/pipeline/log-frames.ts'
import { memorySource } from './read-capture.ts'

export interface LoggedFiles {
  /** Each file of the log. */
  readonly files: readonly Buffer[]
  readonly text: string
  readonly frames: number
  readonly length: number
  readonly dropped: number | null
  readonly problems: readonly InputProblem[]
}

/** `captures`: paths, or bytes. */
export async function logCaptures(
  captures: readonly (string | Uint8Array)[],
  options: LogOptions,
): Promise<LoggedFiles> {
  const inputs = await Promise.all(captures.map(inputOf))
  const problems: InputProblem[] = []
  const files: Buffer[] = []
  let pieces: Uint8Array[] = []
  let frames = 0
  let length = 0
  let dropped: number | null = null
  const endFile = () => files.push(Buffer.concat(pieces))
  let begun = false
  for await (const record of logFrames(loadCaptureModule(), inputs, options, problems)) {
    if (record.type === 'end') {
      dropped = record.dropped
      continue
    }
    if (record.startsFile && begun) endFile()
    if (record.startsFile) pieces = []
    begun = true
    pieces.push(record.bytes)
    frames += record.frames
    length += record.length
  }
  if (begun) endFile()
  return { files, text: Buffer.concat(files).toString(), frames, length, dropped, problems }
}

let made = 0

async function inputOf(capture: string | Uint8Array): Promise<Input> {
  if (typeof capture === 'string') return (await findInputs([capture]))[0]!
  const name = `memory ${made++}`
  return { name, repeatable: true, size: capture.length, open: async () => ({ ...memorySource(capture), name }) }
}

/** Rows of a CSV text without quotes, without its header, by column name. */
export function rowsOf(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.trimEnd().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const values = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, values[i]!]))
  })
}
