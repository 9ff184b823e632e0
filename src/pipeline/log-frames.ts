/** Every frame, as a line or a block: inputs → the bytes of a packet log, in pieces that are whole in themselves. */
import type { Anonymizer } from '../anonymize/anonymizer.ts'
import { Parser } from '../capture/parser.ts'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import { createPacketFormat, keyFieldsOf, type PacketFormatName } from '../loggers/packets/create-packet-format.ts'
import type { PacketContext, PacketFormat, PacketFormatOptions } from '../loggers/packets/packet-format.ts'
import { FileCuts, type Rotation } from './file-cuts.ts'
import type { FrameRun } from './frame-run.ts'
import type { InputProblem } from './input-problem.ts'
import { chunksOf, type Input } from './inputs.ts'
import { type Readings, type ReadOptions, readInputs } from './read-inputs.ts'

export interface LogOptions extends ReadOptions, Pick<PacketFormatOptions, 'excelSafe' | 'forTerminal' | 'version'> {
  readonly format: PacketFormatName
  /** pcapng: bytes kept of a frame. */
  readonly snaplen?: number | undefined
  readonly rotation?: Rotation | undefined
  /** Go on behind damage. */
  readonly salvage?: boolean | undefined
  /** Only frames that it takes are written; they are numbered among themselves. */
  readonly filter?: CompiledFilter | undefined
  /** The log begins before the first frame has come. */
  readonly atOnce?: boolean
  /** Addresses, names of interfaces and payload are hidden. */
  readonly anonymizer?: Anonymizer | undefined
  /** Flows that are remembered; with more, all are met anew. Default: a million, 64 to 96 MB. */
  readonly mostFlows?: number
}

export type LogRecord = LogPiece | LogEnd

export interface LogPiece {
  readonly type: 'piece'
  readonly bytes: Uint8Array
  readonly frames: number
  /** Bytes of these frames on the wire. */
  readonly length: number
  /** The piece is the start of a file. */
  readonly startsFile: boolean
}

export interface LogEnd {
  readonly type: 'end'
  /** By the capture's own count, all interfaces together; null when it has none. */
  readonly dropped: number | null
}

/** A write of this size costs no more than the system call, and a full disk loses no more than this. */
const PIECE_BYTES = 1 << 16
/** Small files are filled as well as large ones. */
const PIECES_PER_FILE = 16
const MOST_FLOWS = 1 << 20

/**
 * The log of all inputs as one capture; frames are numbered from 1 in that order. `problems` receives what could not be read; it
 * is complete when the pieces have ended. When not one input is a capture there are no pieces.
 */
export async function* logFrames(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  options: LogOptions,
  problems: InputProblem[],
): AsyncGenerator<LogRecord> {
  const { rotation = {}, snaplen, mostFlows = MOST_FLOWS } = options
  const parser = new Parser(module, {
    keyFields: keyFieldsOf(options.format),
    salvage: options.salvage,
    filter: options.filter,
    ...chunksOf(inputs),
  })
  const pieceBytes = Math.min(PIECE_BYTES, Math.ceil((rotation.bytes ?? Infinity) / PIECES_PER_FILE))
  const format = await createFormat(options, parser, {
    pieceBytes,
    snaplen,
    excelSafe: options.excelSafe,
    forTerminal: options.forTerminal,
    version: options.version,
  })
  const log = new Log(format, new FileCuts(rotation))
  const readings: Readings = { parser, files: [], problems }

  if (options.atOnce) yield log.begin()
  for await (const run of readInputs(module, inputs, readings, options)) {
    yield* log.add(run)
    // Nothing else is reading: its batch is done with.
    if (inputs.length === 1 && run.end === run.batch.count && parser.flows.size > mostFlows) {
      parser.forgetFlows()
      format.forgetFlows()
    }
  }
  if (!log.begun && readings.files.length > 0) yield log.begin()
  if (log.begun) yield* log.end()
  yield { type: 'end', dropped: droppedOf(parser) }
}

async function createFormat(
  { format, anonymizer }: LogOptions,
  context: PacketContext,
  options: PacketFormatOptions,
): Promise<PacketFormat> {
  if (anonymizer === undefined) return createPacketFormat(format, context, options)
  const { anonymousContext, anonymousFrames } = await import('../loggers/packets/anonymous-packets.ts')
  const hidden = anonymousContext(context, anonymizer)
  const created = await createPacketFormat(format, hidden, options)
  return format === 'pcapng' ? anonymousFrames(created, hidden, anonymizer) : created
}

class Log {
  begun = false
  readonly #format: PacketFormat
  readonly #cuts: FileCuts
  #frames = 0

  constructor(format: PacketFormat, cuts: FileCuts) {
    this.#format = format
    this.#cuts = cuts
  }

  begin(): LogPiece {
    this.begun = true
    this.#cuts.begin()
    return { ...this.#piece(this.#format.header()), startsFile: true }
  }

  *end(): Generator<LogPiece> {
    const footer = this.#format.footer()
    if (footer.length > 0) yield this.#piece(footer)
  }

  *add({ batch, start, end }: FrameRun): Generator<LogPiece> {
    if (!this.begun) yield this.begin()
    const news = this.#format.news()
    if (news !== null) yield this.#piece(news)
    let at = start
    while (at < end) {
      const cut = this.#cuts.cutIn(batch, at, end)
      for (const { bytes, frames } of this.#format.frames(batch, at, cut, this.#frames + 1)) {
        if (this.#cuts.isFull(bytes.length)) yield* this.#next()
        let length = 0
        for (const last = at + frames; at < last; at++) length += batch.origlen[at]!
        this.#frames += frames
        yield { ...this.#piece(bytes, frames), length }
      }
      if (cut < end) yield* this.#next()
    }
  }

  *#next(): Generator<LogPiece> {
    yield* this.end()
    yield this.begin()
  }

  #piece(bytes: Uint8Array, frames = 0): LogPiece {
    this.#cuts.add(bytes.length, frames)
    return { type: 'piece', bytes, frames, length: 0, startsFile: false }
  }
}

function droppedOf(parser: Parser): number | null {
  let sum: number | null = null
  for (const { dropped } of parser.interfaces()) if (dropped !== null) sum = (sum ?? 0) + dropped
  return sum
}
