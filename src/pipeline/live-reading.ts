/** One pass of a session over its source, and which frames of a recording are due. */
import { NO_TIME_HIGH_WORD, type StreamBatch } from '../capture/frame-batch.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import type { InputProblem } from './input-problem.ts'
import type { World } from './live-world.ts'

export class Reading {
  readonly world: World
  stream: CaptureStream | null = null
  closed = false
  /** The time of the frame that a recording waits for; null while it is reading. */
  nextDueNs: bigint | null = null

  constructor(world: World) {
    this.world = world
  }

  async open(source: Source, read: (stream: CaptureStream) => Promise<void>): Promise<void> {
    const { parser } = this.world
    const stream = parser.open(source)
    this.stream = stream
    try {
      if (!this.closed) await read(stream)
    } finally {
      await parser.close(stream)
    }
  }

  get problem(): InputProblem | null {
    const fault = this.stream?.fault ?? null
    if (this.stream === null || fault === null) return null
    const { message, kind } = fault
    return { file: this.stream.source.name, message, kind, partial: this.stream.frames > 0, unreadableBytes: 0 }
  }

  /** A source that waits for bytes gives up; the pass ends by itself. */
  async close(): Promise<void> {
    this.closed = true
    await this.stream?.source.close()
  }
}

/** Index of the first frame that is not due at `position`. Frames without a time are always due. */
export function endOfDue(batch: StreamBatch, start: number, count: number, position: bigint | null): number {
  const { time } = batch
  const high = position === null ? Number.NEGATIVE_INFINITY : Number(position >> 32n)
  const low = position === null ? 0 : Number(BigInt.asUintN(32, position))
  let i = start
  for (; i < count; i++) {
    const frameLow = time[2 * i]!
    const frameHigh = time[2 * i + 1]!
    if (frameHigh === NO_TIME_HIGH_WORD && frameLow === 0) continue
    const signedHigh = frameHigh | 0
    if (signedHigh > high || (signedHigh === high && frameLow > low)) break
  }
  return i
}
