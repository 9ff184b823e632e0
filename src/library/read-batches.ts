/** A capture → batches of frames as columns, and the table of its flows: the fast way, without an object for a frame. */
import type { FlowTable } from '../capture/flow-row.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import { type CaptureInterface, Parser } from '../capture/parser.ts'
import { parseBy } from '../engine/by.ts'
import type { Damage } from '../engine/records.ts'
import type { CaptureFile } from '../pipeline/describe-capture.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { readInputs } from '../pipeline/read-inputs.ts'
import { type CountChoice, type FrameChoice, framesOf } from './frame-choice.ts'
import type { CaptureInput, Host } from './host.ts'
import { UnreadableCapture } from './unreadable-capture.ts'

/** What batches hold, and what tells flows from each other. */
export interface ReadBatchesOptions extends FrameChoice, Pick<CountChoice, 'bytes' | 'inner'> {
  /**
   * What makes a flow: the fields of these keys, see {@link AnalyzeCaptureOptions.by}; by others flows are not told apart. Default: `flow`,
   * which is addresses, ports, protocol and VLAN.
   */
  readonly by?: string
}

/** A capture that is read as its batches are asked for, once. Stopping early (`break`) closes it. */
export interface CaptureBatches extends AsyncIterable<StreamBatch> {
  /** Flows by the ids that batches name, whose number grows while batches are read: without a bound, 48 bytes and more each. */
  readonly flows: FlowTable
  /** The interface that a batch names, by its id. */
  interface(id: number): CaptureInterface
  /** Why reading ended early; null when it did not. */
  readonly damage: Damage | null
}

export async function openBatches(
  host: Host,
  from: CaptureInput,
  { by = 'flow', bytes, inner, ...choice }: ReadBatchesOptions,
): Promise<CaptureBatches> {
  const { limit, signal, ...chosen } = framesOf(choice)
  const { keyFields } = parseBy(by)
  const inputs = await host.inputs([from])
  if (inputs.length !== 1) throw new RangeError('batches are of one capture: several have no common order of frames')
  const module = await host.module()
  const parser = new Parser(module, { keyFields, ...chosen, basis: bytes ?? 'frame', inner: inner ?? false })
  const files: CaptureFile[] = []
  const problems: InputProblem[] = []

  async function* batches(): AsyncGenerator<StreamBatch> {
    // A single input's runs are its batches.
    for await (const { batch } of readInputs(module, inputs, { parser, files, problems }, { limit, signal }))
      yield batch
    if (files.length === 0 && problems.length > 0) throw new UnreadableCapture(problems)
  }

  return {
    flows: parser.flows,
    interface: (id) => parser.interface(id),
    get damage() {
      const [problem] = problems
      return problem === undefined ? null : { file: problem.file, kind: problem.kind, message: problem.message }
    },
    [Symbol.asyncIterator]: batches,
  }
}
