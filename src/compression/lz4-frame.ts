/**
 * LZ4 frames (lz4_Frame_format.md 1.6.4) to the bytes in them: linked and independent blocks, stored blocks, block, content
 * and header checksums, content size, several frames, skippable frames, and the legacy frames of `lz4 -l`.
 *
 * Written here because no package on npm in November 2026 reads such a stream piece by piece and notices its end: lz4-napi
 * and lz4js take the whole file at once and return the first frame, lz4js takes a cut file for a whole one, lz4 compiles native
 * code, lz4-asm breaks at its own first example and installs process-wide error handlers.
 */
import xxhash, { type XXHash, type XXHashAPI } from 'xxhash-wasm'
import { SourceDamage } from '../capture/source.ts'
import { BufferedReader } from './buffered-reader.ts'
import { type ByteReader, Unsupported } from './byte-reader.ts'
import { decodeLz4Block } from './lz4-block.ts'

const FRAME_MAGIC = 0x184d2204
const LEGACY_MAGIC = 0x184c2102
/** 0x184D2A50 to 0x184D2A5F. */
const SKIPPABLE_MAGIC = 0x184d2a50

/** How far back a match of a linked block reaches. */
const HISTORY_SIZE = 64 * 1024
/** By the block-maximum bits of the BD byte: 4 to 7. */
const BLOCK_SIZES = [64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024]
const LEGACY_BLOCK_SIZE = 8 * 1024 * 1024
/** LZ4_compressBound: legacy blocks have no stored form, so incompressible ones grow. */
const LEGACY_STORED_SIZE = LEGACY_BLOCK_SIZE + Math.floor(LEGACY_BLOCK_SIZE / 255) + 16
const STORED_BIT = 0x80000000
const NOTHING = new Uint8Array(0)

/** FLG bits. */
const INDEPENDENT = 0x20
const BLOCK_CHECKSUM = 0x10
const CONTENT_SIZE = 0x08
const CONTENT_CHECKSUM = 0x04
const RESERVED = 0x02
const DICTIONARY_ID = 0x01

interface Frame {
  readonly legacy: boolean
  readonly linked: boolean
  readonly blockSize: number
  readonly blockChecksum: boolean
  readonly contentChecksum: XXHash<number> | null
  readonly contentSize: bigint | null
  size: bigint
}

export class Lz4Reader implements ByteReader {
  readonly #input: BufferedReader
  readonly #word = new Uint8Array(8)
  readonly #view = new DataView(this.#word.buffer)
  #hash: XXHashAPI | null = null
  #frame: Frame | null = null
  #block = NOTHING
  /** History, then the block: `HISTORY_SIZE` is where a block starts. */
  #bytes = NOTHING
  #historyStart = HISTORY_SIZE
  /** What is decoded and not yet handed out. */
  #start = HISTORY_SIZE
  #end = HISTORY_SIZE
  /** A legacy frame ends where the next magic number stands in place of a block size. */
  #magic: number | null = null
  #fault: Error | null = null

  constructor(input: ByteReader) {
    this.#input = new BufferedReader(input)
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#fault !== null) throw this.#fault
    try {
      while (this.#start === this.#end) {
        if (this.#frame === null) {
          if (!(await this.#openFrame())) return 0
        } else await this.#readBlock(this.#frame)
      }
    } catch (error) {
      this.#fault = error as Error
      throw error
    }
    const part = this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + into.length))
    into.set(part)
    this.#start += part.length
    return part.length
  }

  /** False at the end of the input. */
  async #openFrame(): Promise<boolean> {
    this.#hash ??= await xxhash()
    const magic = this.#magic ?? (await this.#readMagic())
    this.#magic = null
    if (magic === null) return false
    if ((magic & 0xfffffff0) === SKIPPABLE_MAGIC) await this.#skip(await this.#readUint32())
    else if (magic === LEGACY_MAGIC) {
      this.#startFrame({
        legacy: true,
        linked: false,
        blockSize: LEGACY_BLOCK_SIZE,
        blockChecksum: false,
        contentChecksum: null,
        contentSize: null,
        size: 0n,
      })
    } else if (magic === FRAME_MAGIC) this.#startFrame(await this.#readDescriptor(this.#hash))
    else throw this.#damage(4, 'goes on', 'with something that is no lz4 frame')
    return true
  }

  #startFrame(frame: Frame): void {
    this.#frame = frame
    this.#historyStart = HISTORY_SIZE
    const length = HISTORY_SIZE + frame.blockSize
    if (this.#bytes.length !== length) {
      this.#bytes = new Uint8Array(length)
      this.#block = new Uint8Array(frame.legacy ? LEGACY_STORED_SIZE : frame.blockSize)
    }
    this.#start = HISTORY_SIZE
    this.#end = HISTORY_SIZE
  }

  /** FLG, BD, content size and dictionary id where there are, and a checksum byte over them. */
  async #readDescriptor(hash: XXHashAPI): Promise<Frame> {
    const descriptor = new Uint8Array(2 + 8 + 4)
    await this.#fill(descriptor.subarray(0, 2))
    const flags = descriptor[0]!
    const blockCode = (descriptor[1]! >> 4) & 7
    const blockSize = BLOCK_SIZES[blockCode - 4]
    if (flags >> 6 !== 1 || (flags & RESERVED) !== 0 || (descriptor[1]! & 0x8f) !== 0 || blockSize === undefined) {
      throw this.#damage(2, 'has', 'a frame header that lz4 does not define')
    }
    const length = 2 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY_ID ? 4 : 0)
    await this.#fill(descriptor.subarray(2, length))
    await this.#fill(this.#word.subarray(0, 1))
    if (((hash.h32Raw(descriptor.subarray(0, length)) >>> 8) & 0xff) !== this.#word[0]) {
      throw this.#damage(1, 'has', 'a wrong checksum of the frame header')
    }
    if (flags & DICTIONARY_ID) {
      throw new Unsupported(
        'it is lz4-compressed with a dictionary; decompress it first: lz4 -dc -D DICTIONARY FILE | netkit analyze -',
      )
    }
    return {
      legacy: false,
      linked: (flags & INDEPENDENT) === 0,
      blockSize,
      blockChecksum: (flags & BLOCK_CHECKSUM) !== 0,
      contentChecksum: flags & CONTENT_CHECKSUM ? hash.create32(0) : null,
      contentSize: flags & CONTENT_SIZE ? new DataView(descriptor.buffer).getBigUint64(2, true) : null,
      size: 0n,
    }
  }

  async #readBlock(frame: Frame): Promise<void> {
    if (frame.legacy) return this.#readLegacyBlock(frame)
    const word = await this.#readUint32()
    if (word === 0) return this.#endFrame(frame)
    const length = (word & ~STORED_BIT) >>> 0
    if (length > frame.blockSize) throw this.#damage(4, 'has', `a block of ${length} bytes, more than the frame allows`)
    const block = this.#block.subarray(0, length)
    await this.#fill(block)
    if (frame.blockChecksum && (await this.#readUint32()) !== this.#hash!.h32Raw(block)) {
      throw this.#damage(4, 'has', 'a wrong block checksum')
    }
    this.#decode(frame, block, word >= STORED_BIT)
    frame.contentChecksum?.update(this.#bytes.subarray(this.#start, this.#end))
    if (frame.contentSize !== null && frame.size > frame.contentSize) {
      throw this.#damage(0, 'holds', 'more than the frame header says')
    }
  }

  async #readLegacyBlock(frame: Frame): Promise<void> {
    const word = await this.#readMagic()
    if (word === null || word === LEGACY_MAGIC || word === FRAME_MAGIC || (word & 0xfffffff0) === SKIPPABLE_MAGIC) {
      this.#frame = null
      this.#magic = word
      return
    }
    if (word > LEGACY_STORED_SIZE) throw this.#damage(4, 'has', `a block of ${word} bytes, more than lz4 makes`)
    const block = this.#block.subarray(0, word)
    await this.#fill(block)
    this.#decode(frame, block, false)
  }

  #decode(frame: Frame, block: Uint8Array, stored: boolean): void {
    if (frame.linked) this.#keepHistory()
    let end = HISTORY_SIZE + block.length
    if (stored) this.#bytes.set(block, HISTORY_SIZE)
    else end = decodeLz4Block(block, this.#bytes, HISTORY_SIZE, frame.linked ? this.#historyStart : HISTORY_SIZE)
    if (end < 0) throw this.#damage(block.length, 'is damaged in the block', '')
    this.#start = HISTORY_SIZE
    this.#end = end
    frame.size += BigInt(end - HISTORY_SIZE)
  }

  /** Moves the last 64 KiB in front of where the next block starts. */
  #keepHistory(): void {
    const start = Math.max(this.#historyStart, this.#end - HISTORY_SIZE)
    this.#historyStart = HISTORY_SIZE - (this.#end - start)
    this.#bytes.copyWithin(this.#historyStart, start, this.#end)
  }

  async #endFrame(frame: Frame): Promise<void> {
    this.#frame = null
    if (frame.contentChecksum !== null && (await this.#readUint32()) !== frame.contentChecksum.digest()) {
      throw this.#damage(4, 'has', 'a wrong content checksum')
    }
    if (frame.contentSize !== null && frame.size !== frame.contentSize) {
      throw this.#damage(0, 'holds', 'less than the frame header says')
    }
  }

  /** The next four bytes; null at the end of the input. */
  async #readMagic(): Promise<number | null> {
    const count = await this.#input.fill(this.#word.subarray(0, 4))
    if (count === 0) return null
    if (count < 4) throw this.#cut()
    return this.#view.getUint32(0, true)
  }

  async #readUint32(): Promise<number> {
    await this.#fill(this.#word.subarray(0, 4))
    return this.#view.getUint32(0, true)
  }

  async #fill(into: Uint8Array): Promise<void> {
    if ((await this.#input.fill(into)) < into.length) throw this.#cut()
  }

  async #skip(length: number): Promise<void> {
    const scratch = new Uint8Array(Math.min(length, HISTORY_SIZE))
    for (let left = length; left > 0; left -= scratch.length) await this.#fill(scratch.subarray(0, left))
  }

  #cut(): SourceDamage {
    return new SourceDamage(`the lz4 data is cut short at its byte ${this.#input.position}`, 'cut')
  }

  /** `back`: how many bytes before the present one the fault stands. */
  #damage(back: number, verb: string, what: string): SourceDamage {
    return new SourceDamage(`the lz4 data ${verb} at its byte ${this.#input.position - back} ${what}`.trimEnd())
  }

  close(): Promise<void> {
    return this.#input.close()
  }
}
