/**
 * A capture file that somebody else is writing → one source that goes on with what is appended, with the file that takes its
 * place (rotation), and from the start when it is emptied, until it is stopped. `tail -F` for captures.
 *
 * Only whole records are handed out, so a file that was left with half a record does not spoil the next one. Files of one
 * pcap stream share one header: that of each further file is dropped. pcapng has sections for it.
 */
import { type FileHandle, open, stat } from 'node:fs/promises'
import { type Source, SourceDamage, SourceUnavailable } from '../capture/source.ts'
import { detectCompression } from '../compression/unpack.ts'
import type { CaptureEnd, LiveSource } from './capture-child.ts'
import { unavailable } from './system-error.ts'
import { WholeRecords } from './whole-records.ts'

const POLL_MS = 100
const BUFFER_BYTES = 256 << 10

const END: CaptureEnd = {
  exitCode: null,
  signal: null,
  received: null,
  dropped: null,
  interfaces: [],
  message: null,
}

/** Throws SourceUnavailable when there is no such file; later on its absence is waited out. */
export async function followFile(path: string): Promise<LiveSource> {
  const handle = await openRegular(path)
  const source = new FollowedFile(path, handle)
  const stop = () => source.stop()
  return { source, stop, kill: stop, end: source.ended.then(() => END) }
}

async function openRegular(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r')
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
  } catch (error) {
    throw unavailable('open', path, error)
  }
  throw new SourceUnavailable(`cannot follow ${path}: it is not a regular file`)
}

class FollowedFile implements Source {
  readonly name: string
  readonly size = null
  readonly compression = null
  readonly ended: Promise<void>
  position = 0
  #handle: FileHandle
  /** Where the next read of the handle starts. */
  #offset = 0
  #records = new WholeRecords()
  /** The header of the first file, when it is pcap. */
  #header: Uint8Array | null = null
  #first = true
  /** Bytes read: whole records from `#start` to `#whole`, then the beginning of one, up to `#end`. */
  #buffer = new Uint8Array(BUFFER_BYTES)
  #start = 0
  #whole = 0
  #end = 0
  #stopped = false
  #closed = false
  #wake = () => {}
  #settle = () => {}

  constructor(path: string, handle: FileHandle) {
    this.name = path
    this.#handle = handle
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.stop()
    this.#settle()
    await this.#handle.close()
  }

  async read(into: Uint8Array): Promise<number> {
    try {
      while (this.#start === this.#whole) {
        if (this.#closed) return 0
        if ((await this.#fill()) > 0) continue
        if (this.#stopped) {
          this.#settle()
          return 0
        }
        if (!(await this.#goOn())) await this.#pause()
      }
    } catch (error) {
      if (this.#closed) return 0
      throw unavailableUnlessDamage(this.name, error)
    }
    const part = this.#buffer.subarray(this.#start, Math.min(this.#whole, this.#start + into.length))
    into.set(part)
    this.#start += part.length
    return part.length
  }

  /** Reads on in the file; gives the number of bytes that came. */
  async #fill(): Promise<number> {
    this.#makeRoom()
    const { bytesRead } = await this.#handle.read(
      this.#buffer,
      this.#end,
      this.#buffer.length - this.#end,
      this.#offset,
    )
    this.#end += bytesRead
    this.#offset += bytesRead
    this.position += bytesRead
    if (bytesRead > 0) this.#advance()
    return bytesRead
  }

  #advance(): void {
    const isNew = this.#records.format === null
    const fresh = this.#buffer.subarray(this.#whole, this.#end)
    if (isNew && this.#first && detectCompression(fresh) !== null) {
      throw new SourceUnavailable(`cannot follow ${this.name}: it is compressed`)
    }
    const hadHeader = this.#records.header !== null
    this.#whole += this.#records.walk(fresh)
    const { format, header } = this.#records
    if (format === null) return
    if (this.#first) {
      this.#first = false
      this.#format = format
    } else if (isNew && format !== this.#format) this.#refuse()
    if (header === null || hadHeader) return
    if (this.#header === null) this.#header = header
    else {
      if (!isSameKind(this.#header, header)) this.#refuse()
      this.#start += header.length
    }
  }

  #format: WholeRecords['format'] = null

  #refuse(): never {
    throw new SourceDamage(`${this.name} was replaced by a file that does not go on with the same capture format`)
  }

  /** What is left moves to the start; a record longer than the buffer makes it grow. */
  #makeRoom(): void {
    if (this.#end < this.#buffer.length) return
    const left = this.#buffer.subarray(this.#start, this.#end)
    if (this.#start === 0) this.#buffer = new Uint8Array(2 * this.#buffer.length)
    this.#buffer.set(left)
    this.#whole -= this.#start
    this.#end -= this.#start
    this.#start = 0
  }

  /** At the end of the file: whether there is more to read, in this file or in the one that took its place. */
  async #goOn(): Promise<boolean> {
    const [ours, theirs] = await Promise.all([this.#handle.stat(), stat(this.name).catch(() => null)])
    if (ours.size < this.#offset) {
      this.#startOver()
      return true
    }
    if (theirs === null || !theirs.isFile() || (theirs.ino === ours.ino && theirs.dev === ours.dev)) return false
    // The last bytes of the old file came before the new one was made, but perhaps after we met its end.
    if ((await this.#fill()) > 0) return true
    const next = await open(this.name, 'r').catch(() => null)
    if (next === null) return false
    if (this.#closed) {
      await next.close()
      return true
    }
    await this.#handle.close()
    this.#handle = next
    this.#startOver()
    return true
  }

  /** Half a record is forgotten: its other half will not come. */
  #startOver(): void {
    this.#offset = 0
    this.#end = this.#whole
    this.#records = new WholeRecords()
  }

  /** Polled: no system tells of changes on every file system (NFS), and 100 ms are less than what capturing adds itself. */
  #pause(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function unavailableUnlessDamage(name: string, error: unknown): Error {
  return error instanceof SourceDamage ? error : unavailable('read', name, error)
}

/** Same byte order, resolution and link type. */
function isSameKind(a: Uint8Array, b: Uint8Array): boolean {
  const kind = (header: Uint8Array) => [...header.subarray(0, 4), ...header.subarray(20, 24)].join()
  return kind(a) === kind(b)
}
