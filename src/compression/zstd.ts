/**
 * zstd frames (RFC 8878) to the bytes in them: several frames, skippable frames, checksums, windows up to 128 MiB (what
 * zstd(1) takes without being asked).
 */
import { SourceDamage } from '../capture/source.ts'
import { BufferedReader } from './buffered-reader.ts'
import { type ByteReader, Unsupported } from './byte-reader.ts'
import { loadZstd, type ZstdExports } from './zstd-module.ts'

/** The largest block, 128 KiB, with the headers around it. A skippable frame wants more and gets it in parts. */
const INPUT_SIZE = 128 * 1024 + 64
const OUTPUT_SIZE = 128 * 1024
/** Every frame and skippable frame has more: magic number, then at least one byte. */
const FRAME_START_SIZE = 5
const BLOCK_HEADER_SIZE = 3
/** ZSTD_inBuffer or ZSTD_outBuffer. */
const STRUCT_SIZE = 12

/** zstd_errors.h of zstd 1.5; these numbers are stable. */
const LARGEST_ERROR = 120
const PREFIX_UNKNOWN = 10
const WINDOW_TOO_LARGE = 16
const DICTIONARY_WRONG = 32
const MEMORY_ALLOCATION = 64
const ERROR_WORDS = new Map([
  [14, 'it uses a feature that no released zstd has'],
  [20, 'invalid data'],
  [22, 'the checksum does not match'],
])

/**
 * The decoder asks for a block together with the header of the next one. When a step fails, what it decoded before is lost;
 * so the header goes into a step of its own, and damage costs no earlier block.
 */
function stepSize(wanted: number): number {
  return wanted > BLOCK_HEADER_SIZE ? wanted - BLOCK_HEADER_SIZE : wanted
}

export class ZstdReader implements ByteReader {
  readonly #input: BufferedReader
  readonly #slice = new Uint8Array(INPUT_SIZE)
  #decoder: Decoder | null = null
  /** Input bytes that the decoder asks for. */
  #wanted = FRAME_START_SIZE
  #betweenFrames = true
  #frameStart = 0
  /** Input that the last step did not take. */
  #pending = this.#slice.subarray(0, 0)
  /** The last step filled its output, so there may be more. */
  #full = false
  #fault: Error | null = null

  constructor(input: ByteReader) {
    this.#input = new BufferedReader(input)
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#fault !== null) throw this.#fault
    this.#decoder ??= new Decoder(await loadZstd())
    for (;;) {
      if (!this.#full && this.#pending.length === 0) {
        const part = this.#slice.subarray(0, Math.min(stepSize(this.#wanted), INPUT_SIZE))
        const count = await this.#input.fill(part)
        if (count === 0 && this.#betweenFrames) return 0
        if (count < part.length) {
          throw this.#fail(new SourceDamage(`the zstd data is cut short at its byte ${this.#input.position}`, 'cut'))
        }
        this.#pending = part
      }
      const produced = this.#step(into)
      if (produced > 0) return produced
    }
  }

  #step(into: Uint8Array): number {
    const decoder = this.#decoder!
    const size = Math.min(into.length, OUTPUT_SIZE)
    // What did not fit before comes first, by itself: the next input may be damaged.
    const input = this.#full ? this.#pending.subarray(0, 0) : this.#pending
    const result = decoder.step(input, size)
    if (result > 0xffffffff - LARGEST_ERROR) throw this.#fail(this.#explain(0x100000000 - result))
    const produced = decoder.copyOutput(into)
    // A frame that is decoded but not yet handed out holds back its last byte, and wants to be given it again.
    this.#pending = this.#pending.subarray(decoder.consumed)
    this.#full = result !== 0 && produced === size
    this.#betweenFrames = result === 0
    if (result === 0) this.#frameStart = this.#input.position
    this.#wanted = result === 0 ? FRAME_START_SIZE : result
    return produced
  }

  #explain(code: number): Error {
    if (code === WINDOW_TOO_LARGE || code === MEMORY_ALLOCATION) {
      return new Unsupported(
        'its zstd window is larger than 128 MiB; decompress it first: zstd -dc --long=31 FILE | netkit analyze -',
      )
    }
    if (code === DICTIONARY_WRONG)
      return new Unsupported(
        'it is zstd-compressed with a dictionary; decompress it first: zstd -dc -D DICTIONARY FILE | netkit analyze -',
      )
    const offset = this.#input.position
    if (code === PREFIX_UNKNOWN) {
      return new SourceDamage(
        `the zstd data goes on at its byte ${this.#frameStart} with something that is no zstd frame`,
      )
    }
    return new SourceDamage(
      `the zstd data is damaged before its byte ${offset}: ${ERROR_WORDS.get(code) ?? `error ${code}`}`,
    )
  }

  #fail(fault: Error): Error {
    this.#fault = fault
    return fault
  }

  async close(): Promise<void> {
    this.#decoder?.free()
    this.#decoder = null
    await this.#input.close()
  }
}

/** One decompression context and its buffers in the module's memory. Views are made anew at each use: the memory grows. */
class Decoder {
  readonly #zstd: ZstdExports
  readonly #context: number
  readonly #inputBytes: number
  readonly #outputBytes: number
  readonly #input: number
  readonly #output: number

  constructor(zstd: ZstdExports) {
    this.#zstd = zstd
    this.#context = zstd.ZSTD_createDCtx()
    this.#inputBytes = zstd.malloc(INPUT_SIZE + OUTPUT_SIZE + 2 * STRUCT_SIZE)
    this.#outputBytes = this.#inputBytes + INPUT_SIZE
    this.#input = this.#outputBytes + OUTPUT_SIZE
    this.#output = this.#input + STRUCT_SIZE
  }

  /** ZSTD_decompressStream's answer, unsigned. */
  step(input: Uint8Array, outputSize: number): number {
    new Uint8Array(this.#zstd.memory.buffer, this.#inputBytes).set(input)
    new Uint32Array(this.#zstd.memory.buffer, this.#input, 6).set([
      this.#inputBytes,
      input.length,
      0,
      this.#outputBytes,
      outputSize,
      0,
    ])
    return this.#zstd.ZSTD_decompressStream(this.#context, this.#output, this.#input) >>> 0
  }

  /** Input bytes that the last step took. */
  get consumed(): number {
    return new Uint32Array(this.#zstd.memory.buffer, this.#input, 3)[2]!
  }

  copyOutput(into: Uint8Array): number {
    const { buffer } = this.#zstd.memory
    const produced = new Uint32Array(buffer, this.#output, 3)[2]!
    into.set(new Uint8Array(buffer, this.#outputBytes, produced))
    return produced
  }

  free(): void {
    this.#zstd.ZSTD_freeDCtx(this.#context)
    this.#zstd.free(this.#inputBytes)
  }
}
