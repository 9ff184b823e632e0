/**
 * A file that grows in sight of its readers (`tail -f`): what `write` has resolved for is with the system, so that a killed
 * process, or one that fails later, loses nothing of it; and what fails leaves nothing behind.
 *
 * Written at its end, wherever that is: two processes that write the same file mix their pieces and spoil none.
 */
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { followLinks, isPlainFile, isStdout, type Output, OutputError, openStdout, orFail } from './output.ts'

const CHECK_MS = 250
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND

export class GrowingFile {
  readonly #path: string
  readonly #file: FileHandle
  /** Of what we wrote, and of what was there before. */
  #length: number
  #checkAt = Date.now() + CHECK_MS

  private constructor(path: string, file: FileHandle, length: number) {
    this.#path = path
    this.#file = file
    this.#length = length
  }

  /**
   * Opens `target`, which messages call `path`. `replace`: a regular file is emptied; devices, and what the shell has opened, are
   * written as they are.
   */
  static async open(path: string, target: string, replace: boolean): Promise<GrowingFile> {
    const isReplaced = replace && (await isPlainFile(target))
    const file = await orFail(path, open(target, isReplaced ? APPEND | constants.O_TRUNC : APPEND))
    return new GrowingFile(path, file, (await file.stat()).size)
  }

  /** All of it, or, when that fails, nothing of it and an OutputError. */
  async write(bytes: Uint8Array): Promise<void> {
    let written = 0
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await orFail(this.#path, this.#file.write(bytes, written, bytes.length - written))
        written += bytesWritten
      }
    } catch (error) {
      await this.#takeBack(written)
      throw error
    }
    this.#length += written
    const now = Date.now()
    if (now < this.#checkAt) return
    this.#checkAt = now + CHECK_MS
    this.#checkIsThere(await this.#file.stat())
  }

  /** Closes it when all of it is on the disk. */
  async finish(): Promise<void> {
    const facts = await this.#file.stat()
    this.#checkIsThere(facts)
    // Some file systems tell only now that there was no room.
    if (facts.isFile()) await orFail(this.#path, this.#file.datasync())
    await orFail(this.#path, this.#file.close())
  }

  /** Something went wrong: what was written stays. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {})
  }

  /** The first part of a piece that did not fit; not where somebody else has written behind it. */
  async #takeBack(written: number): Promise<void> {
    try {
      const { size } = await this.#file.stat()
      if (size === this.#length + written) await this.#file.truncate(this.#length)
    } catch {
      // A pipe, or a device.
    }
  }

  /** A file without a name takes writes as any other. */
  #checkIsThere({ nlink }: Stats): void {
    if (nlink === 0) throw new OutputError(`${this.#path} was removed while it was written; what it held is gone`)
  }
}

/** stdout, or a growing file in place of the one that is there. */
export async function openGrowingOutput(path: string | undefined): Promise<Output> {
  if (isStdout(path)) return openStdout()
  const target = (await isPlainFile(path!)) ? await followLinks(path!) : path!
  const file = await GrowingFile.open(path!, target, true)
  return {
    write: (data) => file.write(typeof data === 'string' ? Buffer.from(data) : data),
    finish: () => file.finish(),
    abandon: () => file.abandon(),
  }
}
