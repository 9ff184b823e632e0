/** What a Parquet file says of itself: that it is of a history, and of which journal it was made. */
import { open, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { entriesOf } from './history-folder.ts'
import type { JournalHeader } from './journal-text.ts'

/** The key of a file's metadata that only files of a history have. */
export const HISTORY_FACT = 'netkit.history'

/** Footers are some kilobytes a row group; of a longer one the end is looked at, where the metadata is. */
const FOOTER_END = 1 << 16

/** True for a whole Parquet file that is of a history, and of this journal if one is given. False for none, too. */
export async function isHistoryFile(path: string, journal = ''): Promise<boolean> {
  try {
    const { size } = await stat(path)
    const file = await open(path, 'r')
    try {
      const length = Math.min(size, FOOTER_END)
      const end = Buffer.alloc(length)
      await file.read(end, 0, length, size - length)
      return end.subarray(-4).toString('latin1') === 'PAR1' && end.includes(HISTORY_FACT) && end.includes(journal)
    } finally {
      await file.close()
    }
  } catch {
    return false
  }
}

/** The file that was made of a journal, under whatever name of its hour; null while there is none. */
export async function fileOfJournal(folder: string, { file, id }: JournalHeader): Promise<string | null> {
  const day = join(folder, dirname(file))
  const hour = basename(file).slice(0, 2)
  for (const { name } of await entriesOf(day)) {
    const path = join(day, name)
    if (name.startsWith(hour) && name.endsWith('.parquet') && (await isHistoryFile(path, id))) return path
  }
  return null
}
