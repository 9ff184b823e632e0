/**
 * A file that several machines read: by a path that they share, or by an address that is read in ranges. What it is, its size, its time or
 * its ETag, is said with every job; a file that is another one now is not counted.
 */
import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { type Source, SourceUnavailable } from '../../capture/source.ts'
import { openFile } from '../open-source.ts'
import { unavailable } from '../system-error.ts'
import { redactUrl } from './cluster-error.ts'
import { FileChanged, type SharedFile } from './file-identity.ts'

export function isAddress(name: string): boolean {
  return /^(https?|s3):\/\//i.test(name)
}

/** As it may be shown. */
export function shownPlace(place: string): string {
  return isAddress(place) ? redactUrl(place) : place
}

/** Throws {@link SourceUnavailable} when it is not there. */
export async function describeFile(name: string): Promise<SharedFile> {
  if (isAddress(name)) return (await import('./http-file.ts')).describeAddress(name)
  const place = isAbsolute(name) ? name : resolve(name)
  try {
    const { size, mtimeNs } = await stat(place, { bigint: true })
    return { place, size: Number(size), stamp: mtimeNs.toString() }
  } catch (error) {
    throw unavailable('open', name, error)
  }
}

/** Throws {@link FileChanged} when it is another file now. */
export async function checkFile(file: SharedFile): Promise<void> {
  let now: SharedFile
  try {
    now = await describeFile(file.place)
  } catch (error) {
    if (error instanceof SourceUnavailable && !isAddress(file.place))
      throw new FileChanged(error.message, { cause: error })
    throw error
  }
  if (now.size !== file.size || now.stamp !== file.stamp) {
    throw new FileChanged(`${shownPlace(file.place)} was changed while it was counted`)
  }
}

export async function openShared(file: SharedFile): Promise<Source> {
  if (isAddress(file.place)) return (await import('./http-file.ts')).openAddress(file)
  return openFile(file.place)
}
