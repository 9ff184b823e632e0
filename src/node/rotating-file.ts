/**
 * A file that grows in sight of its readers (`tail -f`) and may go on in another. The newest has the name that was asked for; when
 * it is done it gets a number, the oldest the lowest: capture_log.txt, capture_log.00001.txt, capture_log.00002.txt, …
 *
 * Two netkits may write one log. With numbers each has files of its own in turn, and nothing is lost; without, the later one
 * empties the file, and from then on the lines of both are in it.
 */
import { open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { GrowingFile } from './growing-file.ts'
import { followLinks, isPlainFile, OutputError, orFail, refuseInputs } from './output.ts'

export interface RotatingFileOptions {
  /** Files that are being read; `-` is stdin. */
  readonly inputs: readonly string[]
  /** Files get numbers, and one that is there already too. Without it there is one file, and it replaces what is there. */
  readonly rotate: boolean
  /** Most files, the newest included; those with the lowest numbers are removed. */
  readonly keep?: number | undefined
}

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
  #file: GrowingFile | null = null

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
    // What was there has a number now, or is an earlier log that is asked to go.
    this.#file = await GrowingFile.open(this.path, this.#target, !rotate)
    this.begun = true
    while (keep !== undefined && this.older.length >= keep) await removeFile(this.older.shift()!)
  }

  /** All of it, or, when that fails, nothing of it and an OutputError. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#file!.write(bytes)
  }

  async finish(): Promise<void> {
    if (this.#file !== null) await this.#close()
  }

  /** Something went wrong: what was written stays. */
  async abandon(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.abandon()
  }

  async #close(): Promise<void> {
    await this.#file!.finish()
    this.#file = null
  }

  /** Makes way for the next file. */
  async #number(): Promise<void> {
    const facts = await stat(this.#target).catch(() => null)
    if (facts === null || facts.size === 0) return
    let numbered: string
    do numbered = this.#numbered(++this.#lastNumber)
    while (!(await orFail(this.path, reserve(numbered))))
    try {
      await rename(this.#target, numbered)
      this.older.push(numbered)
    } catch (error) {
      await removeFile(numbered)
      // The other netkit was first.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') await orFail(this.path, Promise.reject(error))
    }
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

/** An empty file of that name, to be replaced; false when there is one already: another netkit's. */
async function reserve(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
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
