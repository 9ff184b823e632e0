/** The fleet as what the pipeline asks for: pools of ranges for one file, counters of parts for several. */

import type { PartFacts } from '../../pipeline/partial-counter.ts'
import type { PartCounters } from '../../pipeline/partial-merge.ts'
import { partBytesFor } from '../../pipeline/partial-plan.ts'
import type { Range, RangeCounts } from '../../pipeline/range-counter.ts'
import type { StartRanges } from '../../pipeline/read-ranges.ts'
import type { ClusterClient, Result } from './client.ts'
import type { SharedFile } from './file-identity.ts'

/** Jobs of one file whose results wait in Redis, at the most. */
const MOST_AHEAD = 64

/** Ranges of one file, some of them a job. */
export function rangesOnCluster(client: ClusterClient, file: SharedFile): StartRanges {
  return (_source, setup, ranges) => {
    const jobs = groupRanges(ranges, file.size)
    const started: Promise<Result>[] = []
    const start = (job: number) => {
      if (job >= jobs.length || started[job] !== undefined) return
      const counting = client.count({ file, work: { kind: 'ranges', ranges: jobs[job]! }, setup })
      // Told when its turn comes.
      counting.catch(() => {})
      started[job] = counting
    }
    let job = 0
    let counted: RangeCounts[] = []
    return {
      async next() {
        if (counted.length === 0) {
          if (job >= jobs.length) return null
          for (let i = job; i < job + MOST_AHEAD; i++) start(i)
          counted = await client.load(await started[job]!)
          job++
        }
        // Each job begins with flows of its own, so one counter is enough: what a job says of its flows replaces what the one before it said.
        const counts = counted.shift()
        return counts === undefined ? null : { counter: 0, counts }
      },
      close: () => Promise.resolve(),
    }
  }
}

/** Of the bytes of a part each. */
function groupRanges(ranges: readonly Range[], size: number): Range[][] {
  const partBytes = partBytesFor(size)
  const groups: Range[][] = []
  for (const range of ranges) {
    const group = groups.at(-1)
    if (group !== undefined && range.end <= size && range.end - group[0]!.start <= partBytes) group.push(range)
    else groups.push([range])
  }
  return groups
}

/** Parts of several files. `fileOf`: the file of an input. */
export function partsOnCluster(
  client: ClusterClient,
  fileOf: (name: string) => SharedFile,
  readHere: (reason: string) => void,
): PartCounters<Result> {
  return {
    async count(input, part, setup) {
      const handle = await client.count({ file: fileOf(input.name), work: { kind: 'part', part }, setup })
      return { facts: handle.stored.facts as PartFacts, handle }
    },
    load: async (handle) => (await client.load(handle))[0]!,
    readHere,
  }
}
