/**
 * A history on disk: what its folder holds, and which of it is ours.
 *
 *     DIR/2026-11-22/13.parquet     windows that began in that hour (UTC)
 *     DIR/2026-11-22/13-2.parquet   the same hour, begun again: netkit was restarted in it, or the clock was set back
 *     DIR/.netkit/                  lock and journals (writer-lock.ts, journal.ts); nothing that ends in .parquet
 */
import type { Dirent } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export const STATE_FOLDER = '.netkit'
export const NS_PER_HOUR = 3_600_000_000_000n
const NS_PER_MS = 1_000_000n

const DAY = /^\d{4}-\d{2}-\d{2}$/
const FILE = /^(\d{2})(?:-(\d{1,6}))?\.parquet$/

/** A folder is no history, or cannot be used as one. The message is one sentence. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError'
}

export interface HistoryFile {
  readonly path: string
  /** Start of its hour. */
  readonly hourNs: bigint
  /** 1 for the first file of an hour. */
  readonly number: number
  readonly bytes: number
}

/** Start of the hour that a time is in. */
export function hourOf(ns: bigint): bigint {
  const rest = ns % NS_PER_HOUR
  return ns - (rest < 0n ? rest + NS_PER_HOUR : rest)
}

/** `2026-11-22/13.parquet`, inside the folder. */
export function fileNameOf(hourNs: bigint, number: number): string {
  const [day, time] = new Date(Number(hourNs / NS_PER_MS)).toISOString().split('T') as [string, string]
  return `${day}/${time.slice(0, 2)}${number === 1 ? '' : `-${number}`}.parquet`
}

/** By their names alone, oldest first. What has another name, or is no regular file, is not listed: it is not ours. */
export async function listHistory(folder: string): Promise<HistoryFile[]> {
  const files: HistoryFile[] = []
  for (const day of await entriesOf(folder)) {
    if (!day.isDirectory() || !DAY.test(day.name)) continue
    for (const entry of await entriesOf(join(folder, day.name))) {
      const [, hour, number = '1'] = FILE.exec(entry.name) ?? []
      const milliseconds = Date.parse(`${day.name}T${hour}:00:00Z`)
      if (!entry.isFile() || hour === undefined || Number.isNaN(milliseconds)) continue
      const path = join(folder, day.name, entry.name)
      const facts = await stat(path).catch(() => null)
      if (facts === null) continue
      files.push({ path, hourNs: BigInt(milliseconds) * NS_PER_MS, number: Number(number), bytes: facts.size })
    }
  }
  return files.sort((a, b) => (a.hourNs === b.hourNs ? a.number - b.number : a.hourNs < b.hourNs ? -1 : 1))
}

/** None where there is no such folder. */
export async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}

/** What was renamed or made there is on the disk, too. Where folders cannot be opened (Windows) the system sees to it. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch {}
}
