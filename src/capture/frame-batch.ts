/**
 * A run of frames, as columns over the module's memory: entry `i` of each column belongs to the same frame, in file order.
 *
 * The columns are valid until the next call into the stream that made them, or any other stream of the same parser: a
 * growing memory detaches them. Whoever keeps a value copies it.
 */
export interface FrameBatch {
  /** Frames in the batch. The columns may be longer. */
  readonly count: number
  /** Dense id of the frame's flow: 0 for the first flow ever seen, and so on. Rows of the flow table are read by it. */
  readonly flow: Uint32Array
  /** Bytes that the frame counts for, by the chosen basis (frame, ip or payload). Basis `frame`: the original length. */
  readonly length: Uint32Array
  /** Bytes on the wire, as the record header states them. */
  readonly origlen: Uint32Array
  /** Bytes of the frame that the capture holds. */
  readonly caplen: Uint32Array
  /**
   * Nanoseconds since 1970-01-01 UTC, a signed 64-bit integer in two words: `time[2 * i]` the low, `time[2 * i + 1]` the
   * high word. A frame without a timestamp (pcapng's Simple Packet Block) holds {@link NO_TIME}.
   */
  readonly time: Uint32Array
}

/** The time of a frame that has none: the lowest 64-bit integer, low word 0, high word 0x80000000. */
export const NO_TIME = -(2n ** 63n)
export const NO_TIME_HIGH_WORD = 0x80000000

/** What a stream hands out: the engine's columns, and those that only a packet log or the accounting reads. */
export interface StreamBatch extends FrameBatch {
  /** Interface ids, see Parser.interfaces. */
  readonly interface: Uint32Array
  /** Why decoding stopped: a STOP_ constant of the decoders. @internal */
  readonly stop: Uint8Array
  /** Address of the captured bytes in `memory`, `caplen` of them. */
  readonly data: Uint32Array
  /** Address of the columns, for the module. @internal */
  readonly columns: number
  /** The module's memory. */
  readonly memory: Uint8Array
}
