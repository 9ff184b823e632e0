import type { ByteReader, StoredBytes } from './byte-reader.ts'
import { unavailable } from './system-error.ts'

/** What `FileHandle.read` and `fs.read` have in common. `position` null: where the descriptor stands. */
export interface Descriptor {
  read(into: Uint8Array, position: number | null): Promise<number>
  close(): Promise<void>
}

/** A descriptor as stored bytes. The kernel writes straight into the caller's buffer, WebAssembly memory included. */
export class FileBytes implements StoredBytes {
  readonly name: string
  readonly size: number | null
  readonly fromStart?: () => ByteReader
  readonly #descriptor: Descriptor
  readonly #seekable: boolean
  #position = 0

  /** `seekable`: a regular file opened by us. The offset of a descriptor that was handed to us is not ours to move. */
  constructor(name: string, descriptor: Descriptor, size: number | null, seekable: boolean) {
    this.name = name
    this.size = size
    this.#descriptor = descriptor
    this.#seekable = seekable
    if (seekable) this.fromStart = () => new FileBytes(name, descriptor, size, true)
  }

  get position(): number {
    return this.#position
  }

  async read(into: Uint8Array): Promise<number> {
    try {
      const count = await this.#descriptor.read(into, this.#seekable ? this.#position : null)
      this.#position += count
      return count
    } catch (error) {
      throw unavailable('read', this.name, error)
    }
  }

  close(): Promise<void> {
    return this.#descriptor.close()
  }
}
