/** A task of the fleet → its partial result, or why there is none: what a thread of a worker does. */

import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import { Parser } from '../../capture/parser.ts'
import { SourceUnavailable } from '../../capture/source.ts'
import { encodeCounts } from '../../pipeline/partial.ts'
import { countPart } from '../../pipeline/partial-counter.ts'
import { type Range, RangeCounter, type RangeCounts, type RangeSetup } from '../../pipeline/range-counter.ts'
import { FileChanged, type SharedFile } from './file-identity.ts'
import { fromText, type Task, toText } from './protocol.ts'
import { checkFile, openShared, shownPlace } from './shared-file.ts'

export interface ThreadSetup {
  readonly module: WebAssembly.Module
}

export type TaskResult =
  /** `facts`: PartFacts, as text. `fileBytes`: of the capture, that were counted. */
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly facts: string; readonly fileBytes: number }
  /** `isFinal`: trying again mends nothing. */
  | { readonly error: string; readonly isFinal: boolean }

const deflate = promisify(deflateRaw)

export async function answer(module: WebAssembly.Module, text: string): Promise<TaskResult> {
  let task: Task
  try {
    task = fromText<Task>(text)
    // Anybody who reaches Redis can write one.
    if (
      typeof task.file.place !== 'string' ||
      typeof task.work.kind !== 'string' ||
      typeof task.setup.parser !== 'object'
    )
      throw new Error()
  } catch {
    return { error: 'a job in Redis is malformed', isFinal: true }
  }
  const { file, work, setup } = task
  try {
    await checkFile(file)
    const { counts, facts } =
      work.kind === 'ranges'
        ? { counts: await countRanges(module, setup, file, work.ranges), facts: null }
        : await countOne(module, setup, file, work)
    // What was read belongs together only if it was the same file up to now.
    await checkFile(file)
    const { rowLength } = new Parser(module, setup.parser)
    // Level 1: columns of zeros and of few values are all that there is to gain.
    const bytes = new Uint8Array(await deflate(encodeCounts(counts, rowLength), { level: 1 }))
    const fileBytes = counts.reduce((sum, { start, end }) => sum + Math.max(0, end - Math.max(0, start)), 0)
    return { bytes, facts: toText(facts), fileBytes }
  } catch (error) {
    const { message } = error as Error
    const isFinal = error instanceof FileChanged || error instanceof SourceUnavailable
    return { error: isFinal ? message : `${shownPlace(file.place)}: ${message}`, isFinal }
  }
}

async function countOne(
  module: WebAssembly.Module,
  setup: RangeSetup,
  file: SharedFile,
  { part }: Extract<Task['work'], { kind: 'part' }>,
): Promise<{ counts: RangeCounts[]; facts: unknown }> {
  const source = await openShared(file)
  try {
    const { counts, facts } = await countPart(module, setup, source, part)
    // The client could read its start: it is this machine, or the way to it.
    if (facts.fault?.kind === 'unavailable') throw new SourceUnavailable(facts.fault.message)
    return { counts: [counts], facts }
  } finally {
    await source.close()
  }
}

async function countRanges(
  module: WebAssembly.Module,
  setup: RangeSetup,
  file: SharedFile,
  ranges: readonly Range[],
): Promise<RangeCounts[]> {
  const source = await openShared(file)
  try {
    // A counter that met something strange begins anew, from the file's start.
    const counter = new RangeCounter(module, setup, () => {
      source.random?.seek(0)
      return source
    })
    const counted: RangeCounts[] = []
    for (const range of ranges) counted.push(await counter.count(range))
    return counted
  } finally {
    await source.close()
  }
}
