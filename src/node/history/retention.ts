/** A history → a smaller one: whole files go, oldest first, and only such that netkit has written. */
import { rmdir, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isHistoryFile } from './file-mark.ts'
import { listHistory, NS_PER_HOUR } from './history-folder.ts'

export interface RetentionLimits {
  /** Hours that ended longer ago go. */
  readonly keepNs?: bigint | undefined
  /** All files together, with the journal of the open hour, which stays. */
  readonly maxBytes?: number | undefined
}

/** Returns the files that it removed. `journalBytes`: what counts beside the files. */
export async function applyRetention(
  folder: string,
  { keepNs, maxBytes }: RetentionLimits,
  nowNs: bigint,
  journalBytes: number,
): Promise<string[]> {
  if (keepNs === undefined && maxBytes === undefined) return []
  const files = await listHistory(folder)
  let bytes = files.reduce((sum, file) => sum + file.bytes, journalBytes)
  const removed: string[] = []
  for (const file of files) {
    const isOld = keepNs !== undefined && file.hourNs + NS_PER_HOUR + keepNs <= nowNs
    const isTooMuch = maxBytes !== undefined && bytes > maxBytes
    if (!(isOld || isTooMuch)) continue
    // Somebody may keep a file of their own under such a name.
    if (!(await isHistoryFile(file.path))) {
      // Its bytes are not ours either.
      bytes -= file.bytes
      continue
    }
    await unlink(file.path)
    bytes -= file.bytes
    removed.push(file.path)
    // Refused unless nothing is left in it.
    await rmdir(dirname(file.path)).catch(() => {})
  }
  return removed
}
