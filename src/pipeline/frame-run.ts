import type { StreamBatch } from '../capture/frame-batch.ts'
import type { CaptureStream } from '../capture/stream.ts'

/** Frames [start, end) of a batch, next in the order of time. Valid until the next run is asked for. */
export interface FrameRun {
  readonly batch: StreamBatch
  readonly start: number
  readonly end: number
  readonly stream: CaptureStream
}
