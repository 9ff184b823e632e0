/** Ranges counted on this thread by several counters that take turns: what threads do, in an order that a test chooses. */
import { rangeFile } from '../../src/node/range-file.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { RangeCounter } from '../../src/pipeline/range-counter.ts'
import type { CountedRange, StartRanges } from '../../src/pipeline/read-ranges.ts'

export interface RangesHere {
  readonly start: StartRanges
  /** Ranges that were counted: 0 when the file was not cut. */
  counted: number
}

/** `jobs` counters; range `i` goes to the one that `turn` says. */
export function rangesHere(jobs: number, turn: (index: number) => number = (index) => index % jobs): RangesHere {
  const here: RangesHere = {
    counted: 0,
    start(source, setup, ranges) {
      const open = () => rangeFile(source.random!.descriptor)
      const counters = Array.from({ length: jobs }, () => new RangeCounter(loadCaptureModule(), setup, open))
      let next = 0
      return {
        async next(): Promise<CountedRange> {
          const range = ranges[next++]!
          const counter = turn(range.index)
          const counts = await counters[counter]!.count(range)
          here.counted++
          // As a message of another thread would come.
          return { counter, counts: structuredClone(counts) }
        },
        close: async () => {},
      }
    },
  }
  return here
}
