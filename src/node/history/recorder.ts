/**
 * Windows as they pass → a history: each into the journal of its hour at once, hours that are over into Parquet, what is too old or
 * too much away. Records go through it unchanged. What cannot be written never stops the capture: it is said, and tried again.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Analysis, AnalysisRecord, SpanRecord } from '../../engine/records.ts'
import { reasonOf } from '../system-error.ts'
import { fileNameOf, HistoryError, hourOf, listHistory, STATE_FOLDER } from './history-folder.ts'
import { type FoundJournal, inspectJournal, Journal } from './journal.ts'
import { applyRetention, type RetentionLimits } from './retention.ts'
import { sealJournal } from './seal-journal.ts'
import { lockHistory, type WriterLock } from './writer-lock.ts'

export interface RecorderOptions extends RetentionLimits {
  readonly analysis: Analysis
  /** Of netkit. */
  readonly version: string
  /** Nanoseconds since 1970. */
  readonly now: () => bigint
  /** Takes a sentence for people. */
  readonly say: (sentence: string) => void
}

interface Waiting {
  readonly path: string
  readonly found: FoundJournal
}

/** How often it is tried to seal what could not be sealed, and files are looked through. */
const CARE_NS = 60_000_000_000n
const ENDING = '.journal'

export class Recorder {
  readonly #folder: string
  readonly #options: RecorderOptions
  /** Null while it is to be taken again, in a folder that was removed. */
  #lock: WriterLock | null
  #journal: Journal | null = null
  #hourNs = 0n
  /** Of hours that are over, and of an earlier run. */
  #waiting: Waiting[] = []
  /** Of an earlier run, whose hour may go on. */
  #resumable: Waiting | null = null
  #caredNs: bigint | null = null
  #windows = 0
  /** Windows that could not be written since the last that could, and the first of them. */
  #lost = 0
  #lostSinceNs = 0n
  #sealFailed = false
  #careFailed = false

  private constructor(folder: string, options: RecorderOptions, lock: WriterLock) {
    this.#folder = folder
    this.#options = options
    this.#lock = lock
  }

  /** Throws a HistoryError, in one sentence, when the folder cannot be written or has another writer. */
  static async open(folder: string, options: RecorderOptions): Promise<Recorder> {
    try {
      await mkdir(folder, { recursive: true })
      const recorder = new Recorder(folder, options, await lockHistory(folder))
      try {
        await recorder.#takeOver()
        await recorder.#care()
      } catch (error) {
        await recorder.#lock?.release()
        throw error
      }
      return recorder
    } catch (error) {
      if (error instanceof HistoryError) throw error
      throw new HistoryError(`cannot record into ${folder}: ${reasonOf(error)}`)
    }
  }

  /** Windows that are on the disk. */
  get windows(): number {
    return this.#windows
  }

  /** The same records. When they end, or nobody wants the rest, the history is closed. */
  async *through(records: AsyncIterable<AnalysisRecord>): AsyncGenerator<AnalysisRecord> {
    try {
      for await (const record of records) {
        if (record.type === 'span') await this.add(record)
        yield record
      }
    } finally {
      await this.close()
    }
  }

  /** Resolves when the window is on the disk, or is lost. */
  async add(span: SpanRecord): Promise<void> {
    const { startNs } = span
    if (startNs === null) return
    try {
      await this.#lookAfterFolder()
      if (this.#journal !== null && !this.#goesOn(startNs)) await this.#closeHour()
      this.#journal ??= await this.#openHour(startNs)
      await this.#journal.append(span)
      this.#windows++
      this.#sayFound()
    } catch (error) {
      if (this.#lost === 0) {
        this.#lostSinceNs = startNs
        this.#say(`windows are not recorded in ${this.#folder} until it can be written: ${reasonOf(error)}`)
      }
      this.#lost++
    }
    const now = this.#options.now()
    // A clock that was set back has not waited for a minute either.
    if (this.#caredNs === null || now - this.#caredNs >= CARE_NS || now < this.#caredNs) await this.#care()
  }

  /** What there is is sealed, and the folder is another writer's to take. */
  async close(): Promise<void> {
    await this.#leaveRemoved()
    await this.#closeHour()
    this.#settleResumable()
    await this.#care()
    if (this.#waiting.length > 0) this.#say(`what waits in ${this.#folder} becomes Parquet at the next start`)
    if (this.#lost > 0) this.#say(`${countOf(this.#lost)} not recorded in ${this.#folder}`)
    await this.#lock?.release()
  }

  /** In one journal and file windows have starts that rise: of two with the same start a reader of Parquet would make one. */
  #goesOn(startNs: bigint): boolean {
    const lastNs = this.#journal?.lastNs ?? null
    return this.#hourNs === hourOf(startNs) && (lastNs === null || startNs > lastNs)
  }

  /** A history that was removed is begun anew, unless somebody else has done so by now. */
  async #lookAfterFolder(): Promise<void> {
    await this.#leaveRemoved()
    if (this.#lock !== null) return
    const lock = await lockHistory(this.#folder)
    try {
      await this.#takeOver()
    } catch (error) {
      await lock.release()
      throw error
    }
    this.#lock = lock
  }

  async #leaveRemoved(): Promise<void> {
    const journal = this.#journal
    if (journal === null || !(await journal.isRemoved())) return
    this.#say(`${journal.path} was removed while it was written; recording begins anew`)
    this.#journal = null
    this.#waiting = []
    this.#resumable = null
    await journal.close()
    await this.#lock?.release()
    this.#lock = null
  }

  /** Journals of an earlier run: hours that were not sealed. */
  async #takeOver(): Promise<void> {
    this.#waiting = []
    const state = join(this.#folder, STATE_FOLDER)
    for (const name of (await readdir(state)).sort()) {
      if (!name.endsWith(ENDING)) continue
      const path = join(state, name)
      const found = await inspectJournal(path)
      if (found !== null) this.#waiting.push({ path, found })
      // Killed before its first line was whole.
      else if (!(await readFile(path)).includes('\n')) await unlink(path)
      else this.#say(`${path} is no journal that this netkit can read, and stays as it is`)
    }
    const last = this.#waiting.at(-1)
    if (last !== undefined && this.#isAlike(last.found)) this.#resumable = this.#waiting.pop()!
  }

  #isAlike({ header }: FoundJournal): boolean {
    const { analysis, version } = this.#options
    const shape = ({ columns, windowNs, basis, bidirectional }: Analysis) =>
      [columns, windowNs, basis, bidirectional].join(' ')
    return header.version === version && shape(header.analysis) === shape(analysis)
  }

  async #openHour(startNs: bigint): Promise<Journal> {
    const hourNs = hourOf(startNs)
    const last = this.#resumable
    const lastNs = last?.found.lastNs ?? null
    const goesOn = lastNs === null || startNs > lastNs
    if (last !== null && goesOn && firstOf(last.found.header.file) === fileNameOf(hourNs, 1)) {
      const journal = await Journal.resume(last.path, last.found)
      this.#resumable = null
      this.#hourNs = hourNs
      return journal
    }
    this.#settleResumable()
    const { analysis, version } = this.#options
    const file = await this.#freeName(hourNs)
    const path = join(this.#folder, STATE_FOLDER, journalName(file))
    const journal = await Journal.create(path, { id: randomUUID(), file, version, analysis }).catch(
      async (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await unlink(path).catch(() => {})
        throw error
      },
    )
    this.#hourNs = hourNs
    return journal
  }

  #settleResumable(): void {
    if (this.#resumable !== null) this.#waiting.push(this.#resumable)
    this.#resumable = null
    this.#caredNs = null
  }

  /** No file has it, and none of those to be. */
  async #freeName(hourNs: bigint): Promise<string> {
    const files = (await listHistory(this.#folder)).filter((file) => file.hourNs === hourNs)
    const journals = await readdir(join(this.#folder, STATE_FOLDER))
    const taken = new Set([...files.map(({ number }) => journalName(fileNameOf(hourNs, number))), ...journals])
    let number = 1
    while (taken.has(journalName(fileNameOf(hourNs, number)))) number++
    return fileNameOf(hourNs, number)
  }

  async #closeHour(): Promise<void> {
    const journal = this.#journal
    if (journal === null) return
    this.#journal = null
    await journal.close()
    this.#waiting.push({
      path: journal.path,
      found: { header: journal.header, length: journal.length, lastNs: journal.lastNs },
    })
    this.#caredNs = null
  }

  /** Seals what waits for it, and keeps the history to its limits. */
  async #care(): Promise<void> {
    if (this.#lock === null) return
    this.#caredNs = this.#options.now()
    const unsealed: Waiting[] = []
    for (const waiting of this.#waiting) {
      try {
        await sealJournal(this.#folder, waiting.path, waiting.found)
      } catch (error) {
        unsealed.push(waiting)
        if (!this.#sealFailed) this.#say(`${waiting.path} waits to become Parquet: ${reasonOf(error)}`)
        this.#sealFailed = true
      }
    }
    this.#waiting = unsealed
    if (unsealed.length === 0) this.#sealFailed = false
    const waiting = this.#waiting.reduce((sum, { found }) => sum + found.length, this.#journal?.length ?? 0)
    try {
      await applyRetention(this.#folder, this.#options, this.#caredNs, waiting)
      this.#careFailed = false
    } catch (error) {
      if (!this.#careFailed) this.#say(`cannot remove the oldest files of ${this.#folder}: ${reasonOf(error)}`)
      this.#careFailed = true
    }
  }

  #sayFound(): void {
    if (this.#lost === 0) return
    const since = new Date(Number(this.#lostSinceNs / 1_000_000n)).toISOString()
    this.#say(`recording into ${this.#folder} again; ${countOf(this.#lost)} lost, from ${since} on`)
    this.#lost = 0
  }

  #say(sentence: string): void {
    this.#options.say(sentence)
  }
}

/** `2026-11-22/13.parquet` of `2026-11-22/13-2.parquet`: the first file of its hour. */
function firstOf(file: string): string {
  return file.replace(/(\/\d{2})-\d+/, '$1')
}

/** `2026-11-22T13.journal` of `2026-11-22/13.parquet`. */
function journalName(file: string): string {
  return file.replace('/', 'T').replace('.parquet', ENDING)
}

function countOf(windows: number): string {
  return windows === 1 ? '1 window was' : `${windows} windows were`
}
