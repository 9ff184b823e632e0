import { setImmediate } from 'node:timers/promises'
import { type RandomAccess, SourceDamage } from '../capture/source.ts'
import type { ByteReader, StoredBytes } from '../compression/byte-reader.ts'
import { unavailable } from './system-error.ts'

/** An open file. `position` null: where the descriptor stands. */
export interface Descriptor {
  read(into: Uint8Array, position: number | null): number | Promise<number>
  close(): Promise<void>
  /** Of a regular file that we opened: it is read by position, so others may read it beside us. */
  readonly fd?: number
}

/** Ctrl-C and the progress bar get their turn after so many bytes: some hundredths of a second. */
const PAUSE_BYTES = 16 << 20

/** A descriptor as stored bytes. The kernel writes straight into the caller's buffer, WebAssembly memory included. */
export class FileBytes implements StoredBytes {
  readonly name: string
  readonly size: number | null
  readonly fromStart?: () => ByteReader
  readonly random?: RandomAccess
  readonly #descriptor: Descriptor
  readonly #seekable: boolean
  #position = 0
  #sincePause = 0

  /** `seekable`: a regular file opened by us. The offset of a descriptor that was handed to us is not ours to move. */
  constructor(name: string, descriptor: Descriptor, size: number | null, seekable: boolean) {
    this.name = name
    this.size = size
    this.#descriptor = descriptor
    this.#seekable = seekable
    if (seekable && descriptor.fd !== undefined) {
      this.random = {
        descriptor: descriptor.fd,
        seek: (offset) => {
          this.#position = offset
        },
      }
    }
    if (seekable) this.fromStart = () => new FileBytes(name, descriptor, size, true)
  }

  get position(): number {
    return this.#position
  }

  async read(into: Uint8Array): Promise<number> {
    try {
      const count = await this.#descriptor.read(into, this.#seekable ? this.#position : null)
      if (count === 0 && into.length > 0) this.#checkLength()
      this.#position += count
      this.#sincePause += count
      if (this.#sincePause >= PAUSE_BYTES) {
        this.#sincePause = 0
        await setImmediate()
      }
      return count
    } catch (error) {
      if (error instanceof SourceDamage) throw error
      throw unavailable('read', this.name, error)
    }
  }

  /** Cut by somebody, perhaps between two records, where nothing else would show it. */
  #checkLength(): void {
    if (!this.#seekable || this.size === null || this.#position >= this.size) return
    throw new SourceDamage(`became shorter while it was read: ${this.#position} of ${this.size} bytes`, 'cut')
  }

  close(): Promise<void> {
    return this.#descriptor.close()
  }
}
