import { getSystemErrorMap } from 'node:util'
import { SourceUnavailable } from '../capture/source.ts'

/** Where the words of libuv are too terse for somebody who only typed a file name. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  EIO: 'the device reports a read error',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENXIO: 'it is a socket or a device that is not there',
  ERR_INVALID_ARG_VALUE: 'the name holds a null byte',
}

/** One sentence that names the file and the reason, from what a node:fs call threw: `cannot open x.pcap: no such file`. */
export function unavailable(verb: 'open' | 'read', name: string, error: unknown): SourceUnavailable {
  if (error instanceof SourceUnavailable) return error
  return new SourceUnavailable(`cannot ${verb} ${name}: ${reasonOf(error)}`, { cause: error })
}

/** Why a system call failed, in a few words: `no such file`. */
export function reasonOf(error: unknown): string {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException
  if (code !== undefined && REASONS[code] !== undefined) return REASONS[code]
  const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]
  if (words !== undefined || code !== undefined) return words ?? (code as string)
  // A stream that its owner destroyed: nobody else knows why.
  return error instanceof Error && error.message !== '' ? error.message : 'unknown error'
}
