/** The journal of an hour → its Parquet file, under its name when it is whole and on the disk; then the journal goes. */
import { mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { jsonText } from '../../loggers/json-text.ts'
import { createWindowTable, windowFacts } from '../../loggers/parquet/parquet.ts'
import { WindowRows } from '../../loggers/parquet/window-columns.ts'
import { fileOfJournal, HISTORY_FACT } from './file-mark.ts'
import { STATE_FOLDER, syncFolder } from './history-folder.ts'
import { type FoundJournal, readJournal } from './journal.ts'

/** Spans that are listed there; only restarts and clocks that jump make more than one. */
const MOST_SPANS = 1000

/**
 * Killed at any point, it can be done again: until the new name is there the journal counts, from then on the file. `path` is the
 * journal's, in the history `folder`.
 */
export async function sealJournal(folder: string, path: string, found: FoundJournal): Promise<void> {
  if ((await fileOfJournal(folder, found.header)) === null) {
    const target = await targetOf(folder, found)
    const part = join(folder, STATE_FOLDER, 'sealing.part')
    await writeParquet(part, path, found)
    await mkdir(dirname(target), { recursive: true })
    await rename(part, target)
    await syncFolder(dirname(target))
    await syncFolder(folder)
  }
  await unlink(path)
}

/** Somebody else's file of that name stays theirs. */
async function targetOf(folder: string, { header }: FoundJournal): Promise<string> {
  for (let more = 0; ; more++) {
    const target = join(
      folder,
      more === 0 ? header.file : header.file.replace(/(-\d+)?\.parquet$/, `-${90_000 + more}.parquet`),
    )
    if ((await stat(target).catch(() => null)) === null) return target
  }
}

async function writeParquet(part: string, path: string, found: FoundJournal): Promise<void> {
  const { analysis, version } = found.header
  const table = createWindowTable(analysis, version)
  const rows = new WindowRows(table, analysis)
  const recorded: [bigint, bigint][] = []
  let windows = 0
  let packets = 0
  let bytes = 0
  // wx would stop at what a kill has left of another time.
  const file = await open(part, 'w')
  try {
    for await (const window of readJournal(path, found)) {
      rows.begin(window)
      windows++
      packets += window.total.packets
      bytes += window.total.bytes
      for (const row of window.rows) if (rows.add(row)) await file.writeFile(table.takeGroup())
      if (window.other !== null && rows.addOther(window.other)) await file.writeFile(table.takeGroup())
      addSpan(recorded, window.startNs, window.endNs)
      // Frames come in meanwhile.
      await setImmediate()
    }
    const history = {
      version: 1,
      journal: found.header.id,
      windows,
      packets,
      bytes,
      recorded: recorded.slice(0, MOST_SPANS).map(([start, end]) => [String(start), String(end)]),
    }
    await file.writeFile(table.finish({ ...windowFacts(analysis, version), [HISTORY_FACT]: jsonText(history) }))
    await file.datasync()
  } finally {
    await file.close()
  }
}

function addSpan(spans: [bigint, bigint][], startNs: bigint, endNs: bigint): void {
  const last = spans.at(-1)
  if (last !== undefined && last[1] === startNs) last[1] = endNs
  else spans.push([startNs, endNs])
}
