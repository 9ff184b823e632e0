/**
 * What turns frames into the bytes of a packet log, one format a file; create-packet-format.ts lists them.
 *
 * A log is `header()`, then for each run of frames `news()` and the pieces of `frames`, then `footer()`. It may go on in another
 * file between any two pieces: that one starts with `header()` again, which then says all that `news` has said.
 */
import type { StreamBatch } from '../../capture/frame-batch.ts'
import type { Parser } from '../../capture/parser.ts'

/** Where flows and interfaces of the frames are looked up. */
export type PacketContext = Pick<Parser, 'flows' | 'interface' | 'interfaces' | 'interfaceCount'>

export interface PacketFormat {
  header(): Uint8Array
  /** What has to stand before the next frames: interfaces that were not described yet. Null as a rule. */
  news(): Uint8Array | null
  /**
   * Frames [start, end) of a batch, of which the first has this number. Made while they are iterated, from the batch, which must
   * be valid until then.
   */
  frames(batch: StreamBatch, start: number, end: number, number: number): Iterable<PacketPiece>
  footer(): Uint8Array
  /** Ids of flows begin anew: nothing that is known of them holds. */
  forgetFlows(): void
}

/** Whole records: a log that ends behind a piece can be read. */
export interface PacketPiece {
  readonly bytes: Uint8Array
  readonly frames: number
}

export interface PacketFormatOptions {
  /** About how long a piece may become; one record may be longer. */
  readonly pieceBytes: number
  /** pcapng: bytes kept of a frame. */
  readonly snaplen?: number | undefined
  /** csv: see LoggerOptions. */
  readonly excelSafe?: boolean | undefined
  readonly forTerminal?: boolean | undefined
  /** parquet: the version of netkit that a file says it was written by. */
  readonly version?: string | undefined
}

export const NOTHING = new Uint8Array(0)
