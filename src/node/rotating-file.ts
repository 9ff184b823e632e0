/**
 * A file that grows in sight of its readers (`tail -f`) and may go on in another. The newest has the name that was asked for; when
 * it is done it gets a number, the oldest the lowest: capture_log.txt, capture_log.00001.txt, capture_log.00002.txt, …
 *
 * What `write` has resolved for is with the system: a killed process, or one that fails later, loses nothing of it, and what fails
 * leaves nothing behind. `finish` asks the disk as well.
 */
import type { Stats } from 'node:fs'
import { type FileHandle, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { followLinks, isPlainFile, OutputError, orFail, refuseInputs } from './output.ts'

export interface RotatingFileOptions {
  /** Files that are being read; `-` is stdin. */
  readonly inputs: readonly string[]
  /** Files get numbers, and one that is there already too. Without it there is one file, and it replaces what is there. */
  readonly rotate: boolean
  /** Most files, the newest included; those with the lowest numbers are removed. */
  readonly keep?: number | undefined
}

const CHECK_MS = 250
const DIGITS = 5

export class RotatingFile {
  /** As it was asked for. */
  readonly path: string
  /** Older files of this log, those of earlier runs too. */
  readonly older: string[] = []
  begun = false
  readonly #target: string
  readonly #options: RotatingFileOptions
  #lastNumber = 0
  #file: FileHandle | null = null
  #length = 0
  #checkAt = 0

  private constructor(path: string, target: string, options: RotatingFileOptions) {
    this.path = path
    this.#target = target
    this.#options = options
  }

  /** Nothing is written, and nothing removed, before `begin`. Throws OutputError when the path is no place for it. */
  static async at(path: string, options: RotatingFileOptions): Promise<RotatingFile> {
    await refuseInputs(path, options.inputs)
    const plain = await isPlainFile(path)
    if (!plain && options.rotate) throw new OutputError(`cannot rotate ${path}: it is not a regular file`)
    const target = plain ? await followLinks(path) : path
    const file = new RotatingFile(path, target, options)
    if (options.rotate) await file.#findOlder()
    return file
  }

  /** Starts the file, or the next one. */
  async begin(): Promise<void> {
    const { rotate, keep } = this.#options
    if (this.#file !== null) await this.#close()
    if (rotate) await this.#number()
    const plain = await isPlainFile(this.#target)
    // Devices, and what the shell has opened, are written as they are.
    this.#file = await orFail(this.path, open(this.#target, plain ? 'w' : 'a'))
    this.begun = true
    this.#length = 0
    this.#checkAt = Date.now() + CHECK_MS
    while (keep !== undefined && this.older.length >= keep) await removeFile(this.older.shift()!)
  }

  /** All of it, or, when that fails, nothing of it and an OutputError. */
  async write(bytes: Uint8Array): Promise<void> {
    const file = this.#file!
    try {
      await orFail(this.path, writeWhole(file, bytes))
    } catch (error) {
      await file.truncate(this.#length).catch(() => {})
      throw error
    }
    this.#length += bytes.length
    const now = Date.now()
    if (now < this.#checkAt) return
    this.#checkAt = now + CHECK_MS
    await this.#checkIsThere(await file.stat())
  }

  async finish(): Promise<void> {
    if (this.#file !== null) await this.#close()
  }

  /** Something went wrong: what was written stays. */
  async abandon(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close().catch(() => {})
  }

  async #close(): Promise<void> {
    const file = this.#file!
    const facts = await file.stat()
    await this.#checkIsThere(facts)
    // Some file systems tell only now that there was no room.
    if (facts.isFile()) await orFail(this.path, file.datasync())
    this.#file = null
    await orFail(this.path, file.close())
  }

  /** A file without a name takes writes as any other. */
  async #checkIsThere({ nlink }: Stats): Promise<void> {
    if (nlink === 0) throw new OutputError(`${this.path} was removed while it was written; its frames are gone`)
  }

  /** Makes way for the next file. */
  async #number(): Promise<void> {
    const facts = await stat(this.#target).catch(() => null)
    if (facts === null || facts.size === 0) return
    const number = ++this.#lastNumber
    const numbered = this.#numbered(number)
    await orFail(this.path, rename(this.#target, numbered))
    this.older.push(numbered)
  }

  #numbered(number: number): string {
    const { folder, stem, ending } = partsOf(this.#target)
    return join(folder, `${stem}.${String(number).padStart(DIGITS, '0')}${ending}`)
  }

  async #findOlder(): Promise<void> {
    const { folder, stem, ending } = partsOf(this.#target)
    const names = await orFail(this.path, readdir(folder === '' ? '.' : folder))
    const numbers: number[] = []
    for (const name of names) {
      if (!name.startsWith(`${stem}.`) || !name.endsWith(ending)) continue
      const digits = name.slice(stem.length + 1, name.length - ending.length)
      if (/^\d{5,15}$/.test(digits)) numbers.push(Number(digits))
    }
    for (const number of numbers.sort((a, b) => a - b)) {
      const numbered = this.#numbered(number)
      await refuseInputs(numbered, this.#options.inputs)
      this.older.push(numbered)
      this.#lastNumber = number
    }
  }
}

function partsOf(path: string): { folder: string; stem: string; ending: string } {
  const ending = extname(path)
  return { folder: dirname(path), stem: basename(path, ending), ending }
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at)).bytesWritten
  }
}

/** Somebody else may have done it. */
async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') await orFail(path, Promise.reject(error))
  }
}
