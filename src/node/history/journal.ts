/**
 * Windows → a file that grows by a whole window at a time and is on the disk when `append` resolves; and back. The file of an hour
 * that is open: a kill, or a power cut, costs the window that was being written.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { Counts, OtherRow, SpanRecord } from '../../engine/records.ts'
import type { WindowRow } from '../../loggers/parquet/window-columns.ts'
import { endLine, headerLine, type JournalHeader, parseHeader, parseLine, windowLines } from './journal-text.ts'

/** Longer lines are none of ours: names have at most some hundred bytes. */
const LONGEST_LINE = 1 << 16

export interface JournalWindow {
  readonly startNs: bigint
  readonly endNs: bigint
  readonly total: Counts
  readonly rows: readonly WindowRow[]
  readonly other: OtherRow | null
}

export class Journal {
  readonly path: string
  readonly header: JournalHeader
  readonly #file: FileHandle
  /** Where the last whole window ends. */
  #length: number
  #lastNs: bigint | null
  /** Something stands behind it that a write has left. */
  #isTorn = false

  private constructor(path: string, header: JournalHeader, file: FileHandle, length: number, lastNs: bigint | null) {
    this.path = path
    this.header = header
    this.#file = file
    this.#length = length
    this.#lastNs = lastNs
  }

  /** A new one. */
  static async create(path: string, header: JournalHeader): Promise<Journal> {
    const file = await open(path, 'wx')
    const journal = new Journal(path, header, file, 0, null)
    try {
      await journal.#write(Buffer.from(headerLine(header)), 0)
      await file.datasync()
      journal.#length = Buffer.byteLength(headerLine(header))
      return journal
    } catch (error) {
      await file.close().catch(() => {})
      throw error
    }
  }

  /** Goes on behind the last whole window of one that is there. */
  static async resume(path: string, found: FoundJournal): Promise<Journal> {
    const file = await open(path, 'r+')
    await file.truncate(found.length)
    return new Journal(path, found.header, file, found.length, found.lastNs)
  }

  get length(): number {
    return this.#length
  }

  /** Start of the last whole window. */
  get lastNs(): bigint | null {
    return this.#lastNs
  }

  /** Nobody will find what is written now. */
  async isRemoved(): Promise<boolean> {
    return (await this.#file.stat()).nlink === 0
  }

  /** All of it is on the disk, or an error is thrown and nothing of it is in the journal. */
  async append(span: SpanRecord): Promise<void> {
    if (this.#isTorn) await this.#file.truncate(this.#length)
    this.#isTorn = true
    let at = this.#length
    let crc = 0
    for (const piece of windowLines(span)) {
      const bytes = Buffer.from(piece)
      crc = crc32(bytes, crc)
      at = await this.#write(bytes, at)
    }
    at = await this.#write(Buffer.from(endLine(span.rows.length, crc)), at)
    await this.#file.datasync()
    this.#length = at
    this.#lastNs = span.startNs
    this.#isTorn = false
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => {})
  }

  /** Returns where the next bytes go. */
  async #write(bytes: Uint8Array, at: number): Promise<number> {
    let written = 0
    while (written < bytes.length) {
      written += (await this.#file.write(bytes, written, bytes.length - written, at + written)).bytesWritten
    }
    return at + bytes.length
  }
}

export interface FoundJournal {
  readonly header: JournalHeader
  /** Bytes up to the end of the last whole window. */
  readonly length: number
  /** Start of that window; null when there is none. */
  readonly lastNs: bigint | null
}

/** What of a journal is whole; null when not even its first line is. */
export async function inspectJournal(path: string): Promise<FoundJournal | null> {
  let header: JournalHeader | null = null
  let length = 0
  let startNs: bigint | null = null
  let lastNs: bigint | null = null
  let at = 0
  let crc = 0
  let rows = 0
  for await (const text of linesOf(path)) {
    const bytes = Buffer.byteLength(text) + 1
    at += bytes
    if (header === null) {
      header = parseHeader(text)
      if (header === null) return null
      length = at
      continue
    }
    const line = parseLine(text, header.analysis)
    if (line === null) break
    if (line.kind === 'end') {
      if (line.rows !== rows || line.crc !== crc.toString(16).padStart(8, '0')) break
      length = at
      lastNs = startNs
      continue
    }
    if (line.kind === 'begin') {
      startNs = line.startNs
      crc = 0
      rows = 0
    } else if (line.kind === 'row') rows++
    crc = crc32(`${text}\n`, crc)
  }
  return header === null ? null : { header, length, lastNs }
}

/** The whole windows, one at a time. */
export async function* readJournal(path: string, { header, length }: FoundJournal): AsyncGenerator<JournalWindow> {
  let startNs = 0n
  let endNs = 0n
  let total: Counts = { packets: 0, bytes: 0 }
  let rows: WindowRow[] = []
  let other: OtherRow | null = null
  let at = 0
  for await (const text of linesOf(path)) {
    at += Buffer.byteLength(text) + 1
    if (at > length) return
    const line = parseLine(text, header.analysis)
    if (line?.kind === 'begin') {
      startNs = line.startNs
      endNs = line.endNs
      total = line.total
    } else if (line?.kind === 'row') rows.push(line.row)
    else if (line?.kind === 'other') other = line.other
    else if (line?.kind === 'end') {
      yield { startNs, endNs, total, rows, other }
      rows = []
      other = null
    }
  }
}

/** Without their ends. A last line without one is not whole, and left out; so is all from a line on that is far too long. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path, 'r')
  try {
    let rest = ''
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop()!
      yield* lines
      if (rest.length > LONGEST_LINE) return
    }
  } finally {
    await file.close()
  }
}
