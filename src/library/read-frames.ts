/** Captures → their frames, one object each: for whoever looks into frames. Whoever counts them takes read-batches.ts. */
import { Parser } from '../capture/parser.ts'
import type { Damage } from '../engine/records.ts'
import type { CaptureFile } from '../pipeline/describe-capture.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { chunksOf, timeOf } from '../pipeline/inputs.ts'
import { readInputs } from '../pipeline/read-inputs.ts'
import { type FrameChoice, framesOf } from './frame-choice.ts'
import { type CaptureInput, type Host, listOf } from './host.ts'
import { UnreadableCapture } from './unreadable-capture.ts'

/** One frame of a capture. It may be kept: its bytes are a copy. */
export interface CapturedFrame {
  /** From 1, among the frames that are handed out. */
  readonly number: number
  /** Nanoseconds since 1970-01-01 UTC; null for a frame without a timestamp (pcapng's Simple Packet Block). */
  readonly timeNs: bigint | null
  /** Bytes on the wire; more than `bytes.length` where the capture cut the frame. */
  readonly origlen: number
  /** LINKTYPE_ number of its interface: what {@link decodeFrame} takes. */
  readonly linktype: number
  /** Of the interface, from pcapng: text from a stranger, unchecked. Null when the capture does not say. */
  readonly interfaceName: string | null
  /** The captured bytes, link header first. */
  readonly bytes: Uint8Array
}

/** Which frames, and who is told of damage. */
export interface ReadFramesOptions extends FrameChoice {
  /** Called for each input that could not be read to its end; frames before the damage were handed out. */
  readonly onDamage?: (damage: Damage) => void
}

export async function* framesIn(
  host: Host,
  from: CaptureInput | readonly CaptureInput[],
  asked: ReadFramesOptions,
): AsyncGenerator<CapturedFrame> {
  const { limit, signal, ...chosen } = framesOf(asked)
  const inputs = await host.inputs(listOf(from))
  const module = await host.module()
  const parser = new Parser(module, { keyFields: 0, ...chosen, ...chunksOf(inputs) })
  const files: CaptureFile[] = []
  const problems: InputProblem[] = []
  const links = new Map<number, { readonly linktype: number; readonly name: string | null }>()
  let number = 0
  for await (const { batch, start, end } of readInputs(
    module,
    inputs,
    { parser, files, problems },
    { limit, signal },
  )) {
    // Whoever asked may keep the next frame waiting while something else grows the memory.
    const frames: CapturedFrame[] = []
    for (let i = start; i < end; i++) {
      const id = batch.interface[i]!
      let link = links.get(id)
      if (link === undefined) {
        link = parser.interface(id)
        links.set(id, link)
      }
      const at = batch.data[i]!
      frames.push({
        number: ++number,
        timeNs: timeOf(batch, i),
        origlen: batch.origlen[i]!,
        linktype: link.linktype,
        interfaceName: link.name,
        bytes: batch.memory.slice(at, at + batch.caplen[i]!),
      })
    }
    yield* frames
  }
  if (files.length === 0 && problems.length > 0) throw new UnreadableCapture(problems)
  for (const { file, kind, message } of problems) asked.onDamage?.({ file, kind, message })
}
