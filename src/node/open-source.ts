/** A path, or `-`, to a {@link Source}: regular files, named pipes, devices, stdin in each of its forms. */
import { constants, fstatSync, open as openCallback, readSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { isatty } from 'node:tty'
import { promisify } from 'node:util'
import { type Source, SourceUnavailable } from '../capture/source.ts'
import type { StoredBytes } from '../compression/byte-reader.ts'
import { decompress } from './decompress.ts'
import { type Descriptor, FileBytes } from './file-bytes.ts'
import { StreamBytes } from './stream-bytes.ts'
import { unavailable } from './system-error.ts'

const openDescriptor = promisify(openCallback)

const STDIN = 0
/** Names of our own stdin. Opening them fails when stdin is a socket, which it is under many a parent process. */
export const STDIN_PATHS: ReadonlySet<string> = new Set(['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'])

/** `onThread`: a compressed file may be decompressed on another thread. */
export async function openSource(pathOrDash: string, onThread = false): Promise<Source> {
  return pathOrDash === '-' ? openStdin() : openFile(pathOrDash, onThread)
}

/** Throws {@link SourceUnavailable} when there is no such file, or no permission, or it is a folder. */
export async function openFile(path: string, onThread = false): Promise<Source> {
  if (STDIN_PATHS.has(path)) return openStdin(path)
  try {
    return decompress(await openStored(path), onThread)
  } catch (error) {
    throw unavailable('open', path, error)
  }
}

export function openStdin(name = 'stdin'): Source {
  if (isatty(STDIN)) {
    throw new SourceUnavailable(`${name} is a terminal: send a capture into it, as in tshark -w - | netkit analyze -`)
  }
  const kind = fstatSync(STDIN)
  // Node gives an empty stream for it.
  if (kind.isDirectory()) throw unavailable('read', name, { code: 'EISDIR' })
  if (!kind.isFile()) return openReadable(process.stdin, name)
  // The descriptor is the shell's: it is read from where it stands, and left open.
  return decompress(
    new FileBytes(
      name,
      regularFile(STDIN, async () => {}),
      kind.size,
      false,
    ),
  )
}

/** A Node stream as a source: the output of a capture tool, a download. Closing the source destroys the stream. */
export function openReadable(stream: Readable, name: string): Source {
  return decompress(new StreamBytes(name, stream))
}

async function openStored(path: string): Promise<StoredBytes> {
  const kind = await stat(path)
  if (kind.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
  if (kind.isFIFO()) return openPipe(path)
  const handle = await open(path, 'r')
  if (kind.isFile())
    return new FileBytes(
      path,
      regularFile(handle.fd, () => handle.close()),
      kind.size,
      true,
    )
  // A device may have nothing to say for long: it is waited for.
  const device = {
    read: async (into: Uint8Array) => (await handle.read(into, 0, into.length, null)).bytesRead,
    close: () => handle.close(),
  }
  return new FileBytes(path, device, null, false)
}

/** Read at once, on this thread: a quarter of the time that a megabyte takes through the thread pool and back. */
function regularFile(fd: number, close: () => Promise<void>): Descriptor {
  return { fd, read: (into, position) => readSync(fd, into, 0, into.length, position), close }
}

/**
 * Opened without waiting and read through the event loop: a blocking open or read of a pipe nobody writes to occupies a
 * thread that even process.exit would wait for, so Ctrl-C would seem dead.
 */
async function openPipe(path: string): Promise<StoredBytes> {
  const fd = await openDescriptor(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return new StreamBytes(path, new Socket({ fd, readable: true, writable: false }))
}
