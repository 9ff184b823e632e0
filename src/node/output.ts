/**
 * Where results go: stdout, or a file that appears under its name only when it is whole.
 */
import { open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { reasonOf } from './system-error.ts'

export interface Output {
  /** Resolves when more may be written. */
  write(text: string): Promise<void>
  /** The result is complete. */
  finish(): Promise<void>
  /** The result will never be complete: nothing of it stays. */
  abandon(): Promise<void>
}

/** A file could not be written. The message names it and the reason. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
}

/**
 * stdout. When its reader goes away (`| head`), the process ends quietly with exit code 0: nobody is left to tell.
 */
export function openStdout(): Output {
  const { stdout } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    process.stderr.write(`netkit: cannot write to stdout: ${reasonOf(error)}\n`)
    process.exit(1)
  })
  return {
    async write(text) {
      if (!stdout.write(text)) await new Promise((resolve) => stdout.once('drain', resolve))
    },
    finish: () => new Promise((resolve) => stdout.write('', () => resolve())),
    abandon: async () => {},
  }
}

/**
 * A file. It is written beside `path` under another name and takes its place when finished, so that a reader sees the old one
 * or the whole new one. Devices and pipes are written as they are.
 */
export async function openOutputFile(path: string): Promise<Output> {
  const target = await existingTarget(path)
  if (target !== null && !target.isRegular) return writeInto(target.path, target.path)
  const final = target?.path ?? path
  return writeInto(join(dirname(final), `.${basename(final)}.${process.pid}.part`), final)
}

async function existingTarget(path: string): Promise<{ path: string; isRegular: boolean } | null> {
  try {
    const real = await realpath(path)
    return { path: real, isRegular: (await stat(real)).isFile() }
  } catch {
    return null
  }
}

async function writeInto(path: string, final: string): Promise<Output> {
  const orFail = async <T>(action: Promise<T>): Promise<T> => {
    try {
      return await action
    } catch (error) {
      throw new OutputError(`cannot write ${final}: ${reasonOf(error)}`)
    }
  }
  const file = await orFail(open(path, 'w'))
  return {
    async write(text) {
      await orFail(file.writeFile(text))
    },
    async finish() {
      await orFail(file.close())
      if (path !== final) await orFail(rename(path, final))
    },
    async abandon() {
      await file.close().catch(() => {})
      if (path !== final) await unlink(path).catch(() => {})
    },
  }
}

/** stdout without a name or for `-`. Refuses to write over one of the inputs. */
export async function openOutput(path: string | undefined, inputs: readonly string[]): Promise<Output> {
  if (path === undefined || path === '-') return openStdout()
  const target = await existingTarget(path)
  for (const input of inputs) {
    if (target !== null && (await existingTarget(input))?.path === target.path) {
      throw new OutputError(`will not write over the input ${input}`)
    }
  }
  return openOutputFile(path)
}
