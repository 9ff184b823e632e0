/**
 * A history whose last hour is still being written → that hour as a Parquet file too, made of a copy of its journal: nothing in the
 * history is touched, and it may be written meanwhile.
 */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { entriesOf, STATE_FOLDER } from '../history/history-folder.ts'

/** The journals of a folder; none where it is no history. */
export async function journalsIn(folder: string): Promise<readonly string[]> {
  // Most are no folders.
  const entries = await entriesOf(join(folder, STATE_FOLDER)).catch(() => [])
  const names = entries.map(({ name }) => name)
  return names.filter((name) => name.endsWith('.journal')).sort()
}

/** Files in the folder `into`, or those that the journals have become; `files` are those of the history that are known. */
export async function openHours(
  folder: string,
  journals: readonly string[],
  files: readonly string[],
  into: string,
): Promise<readonly string[]> {
  if (journals.length === 0) return []
  const [{ fileOfJournal }, { inspectJournal }, { sealJournal }] = await Promise.all([
    import('../history/file-mark.ts'),
    import('../history/journal.ts'),
    import('../history/seal-journal.ts'),
  ])
  await mkdir(join(into, STATE_FOLDER), { recursive: true })
  const known = new Set(files)
  const hours: string[] = []
  for (const name of journals) {
    const copy = join(into, STATE_FOLDER, name)
    const original = join(folder, STATE_FOLDER, name)
    const found = await inspectJournal(original).catch(() => null)
    if (found === null) continue
    const made = await fileOfJournal(folder, found.header)
    if (made !== null) {
      if (!known.has(made)) hours.push(made)
      continue
    }
    const isCopied = await copyFile(original, copy).then(
      () => true,
      () => false,
    )
    if (isCopied) {
      await sealJournal(into, copy, found)
      hours.push(join(into, found.header.file))
      continue
    }
    // It has just become one.
    const file = await fileOfJournal(folder, found.header)
    if (file !== null) hours.push(file)
  }
  return hours
}
