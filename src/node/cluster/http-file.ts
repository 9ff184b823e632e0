/** A capture on a web server or in an S3 bucket → a Source, by range requests (RFC 9110 §14): any part of it can be read. */
import { setTimeout as pause } from 'node:timers/promises'
import { type RandomAccess, type Source, SourceUnavailable } from '../../capture/source.ts'
import type { StoredBytes } from '../../compression/byte-reader.ts'
import { decompress } from '../decompress.ts'
import { redactUrl } from './cluster-error.ts'
import { FileChanged, type SharedFile } from './file-identity.ts'
import { s3Request } from './s3.ts'

/** One request fetches so much, in memory; the next one is under way meanwhile. */
const REQUEST_BYTES = 4 << 20
/** The first bytes of a capture are often all that is wanted. */
const FIRST_REQUEST_BYTES = 1 << 17
const TRIES = 4
const RETRY_MS = 300
/** No byte for so long: the server is gone. */
const PATIENCE_MS = 30_000

export async function describeAddress(address: string): Promise<SharedFile> {
  // Not HEAD: a signed address is for GET alone.
  const response = await persist(address, async () => {
    return request(address, { range: 'bytes=0-0' }, 1)
  })
  const range = /^bytes 0-0\/(\d+)$/.exec(response.headers.get('content-range') ?? '')
  const isEmpty = response.status === 416
  if (!isEmpty && (response.status !== 206 || range === null)) {
    throw unreachable(address, 'its server gives no ranges of a file (RFC 9110, section 14)')
  }
  const stamp = response.headers.get('etag') ?? response.headers.get('last-modified')
  if (stamp === null && !isEmpty) {
    throw unreachable(address, 'its server says neither ETag nor Last-Modified, so a change would not be seen')
  }
  return { place: address, size: isEmpty ? 0 : Number(range![1]), stamp: stamp ?? '' }
}

export function openAddress(file: SharedFile, patienceMs = PATIENCE_MS): Source {
  return decompress(new HttpBytes(file, patienceMs))
}

class HttpBytes implements StoredBytes {
  readonly name: string
  readonly size: number
  readonly random: RandomAccess
  readonly #file: SharedFile
  #position = 0
  /** What was fetched, and where it begins. */
  #bytes: Uint8Array = new Uint8Array(0)
  #start = 0
  #ahead: { readonly start: number; readonly bytes: Promise<Uint8Array> } | null = null
  readonly #ending = new AbortController()

  readonly #patienceMs: number

  constructor(file: SharedFile, patienceMs: number) {
    this.#file = file
    this.#patienceMs = patienceMs
    this.name = redactUrl(file.place)
    this.size = file.size
    this.random = {
      // Of no file here: whoever reads on another thread opens the address there.
      descriptor: -1,
      seek: (offset) => {
        this.#position = offset
      },
    }
  }

  get position(): number {
    return this.#position
  }

  fromStart(): StoredBytes {
    return new HttpBytes(this.#file, this.#patienceMs)
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#position >= this.size || into.length === 0) return 0
    if (this.#position < this.#start || this.#position >= this.#start + this.#bytes.length) await this.#fetch()
    const from = this.#position - this.#start
    const part = this.#bytes.subarray(from, from + into.length)
    into.set(part)
    this.#position += part.length
    return part.length
  }

  async close(): Promise<void> {
    this.#ending.abort()
    this.#ahead = null
  }

  async #fetch(): Promise<void> {
    const start = this.#position
    const wasReading = this.#bytes.length > 0
    const ahead = this.#ahead
    this.#ahead = null
    this.#bytes = await (ahead?.start === start
      ? ahead.bytes
      : this.#get(start, wasReading ? REQUEST_BYTES : FIRST_REQUEST_BYTES))
    this.#start = start
    const next = start + this.#bytes.length
    if (!wasReading || next >= this.size) return
    const bytes = this.#get(next, REQUEST_BYTES)
    // Told when it is read, if it ever is.
    bytes.catch(() => {})
    this.#ahead = { start: next, bytes }
  }

  async #get(start: number, length: number): Promise<Uint8Array> {
    const { place, size, stamp } = this.#file
    const end = Math.min(size, start + length)
    const headers = { range: `bytes=${start}-${end - 1}`, ...(stamp.startsWith('"') && { 'if-match': stamp }) }
    return persist(
      place,
      async () => {
        const response = await request(place, headers, end - start, this.#ending.signal, this.#patienceMs)
        if (
          response.status === 412 ||
          (response.headers.get('etag') ?? response.headers.get('last-modified')) !== stamp
        ) {
          throw new FileChanged(`${this.name} was changed while it was counted`)
        }
        if (response.status !== 206) throw unreachable(place, `its server answers ${response.status} to a range`)
        const { bytes } = response
        if (bytes.length !== end - start) throw new Error(`its server gave ${bytes.length} of ${end - start} bytes`)
        return bytes
      },
      this.#ending.signal,
    )
  }
}

/** What may go better the next time is tried again. */
async function persist<T>(address: string, act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act()
    } catch (error) {
      if (error instanceof FileChanged || error instanceof SourceUnavailable || signal?.aborted) throw error
      if (tries >= TRIES) throw unreachable(address, reasonOf(error))
      await pause(RETRY_MS * 2 ** tries)
    }
  }
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/**
 * At most `length` bytes of body. The timer is our own: a signal of AbortSignal.any() that only a fetch holds is collected by Node 20
 * once the headers are there, and never fires.
 */
async function request(
  address: string,
  headers: Record<string, string>,
  length: number,
  signal?: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<Answer> {
  const ending = new AbortController()
  const end = () => ending.abort()
  const timer = setTimeout(() => ending.abort(new Error('no answer')), patienceMs)
  signal?.addEventListener('abort', end, { once: true })
  try {
    signal?.throwIfAborted()
    const { url, headers: all } = prepare(address, headers)
    const response = await fetch(url, { headers: all, signal: ending.signal })
    refuse(address, response.status)
    const bytes = response.status === 206 ? await bodyOf(response, length, timer) : new Uint8Array(0)
    return { status: response.status, headers: response.headers, bytes }
  } catch (error) {
    if (signal?.aborted || error instanceof SourceUnavailable) throw error
    throw new Error(reasonOf(error), { cause: error })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    // What is left of a body is not wanted.
    end()
  }
}

async function bodyOf(response: Response, length: number, timer: NodeJS.Timeout): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let at = 0
  for await (const piece of response.body ?? []) {
    timer.refresh()
    if (at + piece.length > length) throw new Error(`its server gave more than ${length} bytes`)
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes.subarray(0, at)
}

function refuse(address: string, status: number): void {
  // Worth another try: RFC 9110 §15.6, RFC 6585 §4.
  if (status === 429 || status >= 500) throw new Error(`its server answers ${status}`)
  if (status >= 400 && status !== 412 && status !== 416) {
    const reason = { 401: 'it asks for a password', 403: 'permission denied', 404: 'no such file' }[status]
    throw unreachable(address, reason ?? `its server answers ${status}`)
  }
}

function prepare(address: string, headers: Record<string, string>): { url: string; headers: Record<string, string> } {
  if (/^s3:/i.test(address)) return s3Request(address, headers, process.env, new Date())
  const url = new URL(address)
  if (url.username === '' && url.password === '') return { url: url.href, headers }
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = ''
  url.password = ''
  return { url: url.href, headers: { ...headers, authorization: `Basic ${Buffer.from(user).toString('base64')}` } }
}

function unreachable(address: string, reason: string): SourceUnavailable {
  return new SourceUnavailable(`cannot read ${redactUrl(address)}: ${reason}`)
}

function reasonOf(error: unknown): string {
  const { cause, message, name } = error as Error
  if (name === 'TimeoutError') return 'no answer'
  const inner = cause as NodeJS.ErrnoException | undefined
  return inner?.message || inner?.code || message
}
