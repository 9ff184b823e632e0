/** Input that can be read once only (stdin, a named pipe) → the same in a temporary file, which can be read again. */
import { createReadStream, rmSync } from 'node:fs'
import { mkdtemp, open, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { isatty } from 'node:tty'
import type { FileInput } from './inputs.ts'
import { openSource, STDIN_PATHS } from './open-source.ts'
import { orFail } from './output.ts'

const STDIN = 0

/** A file stays as it is. The signal ends the input: what came until then is held. The temporary file goes when the process ends. */
export async function holdInput(input: FileInput, signal: AbortSignal): Promise<FileInput> {
  if (input.repeatable) return input
  const stream = await openOnce(input.path)
  if (stream === null) return input
  const folder = await mkdtemp(join(tmpdir(), 'netkit-held-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'input')
  const stop = () => stream.destroy()
  signal.addEventListener('abort', stop)
  try {
    await copy(stream, path)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
  const { size } = await stat(path)
  return { ...input, repeatable: true, size, open: () => openSource(path) }
}

/** Null for what cannot be read at all, which is said when it is opened. */
async function openOnce(path: string): Promise<Readable | null> {
  if (path === '-' || STDIN_PATHS.has(path)) return isatty(STDIN) ? null : process.stdin
  try {
    return (await stat(path)).isDirectory() ? null : createReadStream(path)
  } catch {
    return null
  }
}

async function copy(from: Readable, path: string): Promise<void> {
  const file = await orFail(path, open(path, 'wx', 0o600))
  try {
    for await (const chunk of from) await orFail(path, file.writeFile(chunk))
  } finally {
    await file.close()
  }
}
