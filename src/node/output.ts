/**
 * Where results go: stdout, or a file that appears under its name only when it is whole.
 */
import { fstatSync, type Stats, unlinkSync } from 'node:fs'
import { type FileHandle, open, readlink, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { reasonOf } from './system-error.ts'

export interface Output {
  /** Resolves when more may be written. */
  write(data: string | Uint8Array): Promise<void>
  /** The result is complete. */
  finish(): Promise<void>
  /** The result will never be complete: nothing of it stays. */
  abandon(): Promise<void>
}

/** A file could not be written. The message names it and the reason. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
}

const STDIN = 0
/** Names of our own stdout. Opened by name it would be a second file description, which writes over the first from the start. */
const STDOUT_PATHS = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])
/** Names of what the shell has opened for us, with `>` or `>>` as it was told. */
const DESCRIPTOR_PATH = /^\/(dev\/stderr|(dev|proc\/self)\/fd\/\d+)$/

/**
 * stdout without a name or for `-`. Refuses to write over one of the inputs, which are paths, or `-` for stdin: a folder or a
 * glob can name the output too.
 */
export async function openOutput(path: string | undefined, inputs: readonly string[]): Promise<Output> {
  if (path === undefined || STDOUT_PATHS.has(path)) return openStdout()
  await refuseInputs(path, inputs)
  return openOutputFile(path)
}

/** Throws OutputError when the path leads to one of the inputs. */
export async function refuseInputs(path: string, inputs: readonly string[]): Promise<void> {
  const target = await statOf(path)
  if (!target?.isFile()) return
  for (const input of inputs) {
    const facts = input === '-' ? fstatSync(STDIN) : await statOf(input)
    if (facts?.ino === target.ino && facts.dev === target.dev) {
      throw new OutputError(`will not write over the input ${input === '-' ? `${path} (stdin)` : input}`)
    }
  }
}

/** No name at all, or one of our own stdout. */
export function isStdout(path: string | undefined): boolean {
  return path === undefined || STDOUT_PATHS.has(path)
}

/** A regular file, or none yet; not a device, a pipe, or a descriptor by its name. */
export async function isPlainFile(path: string): Promise<boolean> {
  if (DESCRIPTOR_PATH.test(path)) return false
  const target = await statOf(path)
  return target === null || target.isFile()
}

/**
 * stdout. When its reader goes away (`| head`), the process ends quietly with exit code 0: nobody is left to tell.
 */
export function openStdout(): Output {
  const { stdout } = process
  // Before oclif's own listener, which throws.
  stdout.prependListener('error', (error: NodeJS.ErrnoException) => {
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
 * or the whole new one. Devices, pipes and descriptors are written as they are.
 */
export async function openOutputFile(path: string): Promise<Output> {
  const target = await statOf(path)
  if (DESCRIPTOR_PATH.test(path) || (target !== null && !target.isFile())) return writeInto(path)
  return writeBeside(await followLinks(path), target)
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch {
    return null
  }
}

/** The file that a link leads to, there or not, so that the link stays one. */
export async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    try {
      return resolve(dirname(path), await readlink(path))
    } catch {
      return path
    }
  }
}

/** Appending: the shell's `2> x` has emptied x, its `2>> x` wants it kept. */
async function writeInto(path: string): Promise<Output> {
  const file = await orFail(path, open(path, 'a'))
  return {
    write: (text) => orFail(path, file.writeFile(text)),
    finish: () => orFail(path, file.close()),
    abandon: () => closeQuietly(file),
  }
}

async function writeBeside(path: string, existing: Stats | null): Promise<Output> {
  // Loading it takes 4 ms, which most runs write to stdout and do not need.
  const { randomBytes } = await import('node:crypto')
  const part = join(dirname(path), `.${basename(path).slice(0, 200)}.${randomBytes(4).toString('hex')}.part`)
  // wx: not through a link that somebody put there.
  const file = await orFail(path, open(part, 'wx', existing === null ? 0o666 : existing.mode & 0o777))
  // Whatever is wrong with the folder by then, the exit code is another's to say.
  const removeAtExit = () => removeQuietly(part)
  process.once('exit', removeAtExit)
  return {
    write: (text) => orFail(path, file.writeFile(text)),
    async finish() {
      await orFail(path, file.close())
      await orFail(path, rename(part, path))
      process.off('exit', removeAtExit)
    },
    async abandon() {
      process.off('exit', removeAtExit)
      await closeQuietly(file)
      await unlink(part).catch(() => {})
    },
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {}
}

async function closeQuietly(file: FileHandle): Promise<void> {
  await file.close().catch(() => {})
}

export async function orFail<T>(path: string, action: Promise<T>): Promise<T> {
  try {
    return await action
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A named pipe whose reader has gone, as with stdout.
    if (code === 'EPIPE') process.exit(0)
    const reason = code === 'ENOENT' ? `there is no folder ${dirname(path)}` : reasonOf(error)
    throw new OutputError(`cannot write ${path}: ${reason}`)
  }
}
