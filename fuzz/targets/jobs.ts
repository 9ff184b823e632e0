/**
 * Whole analyses, by one reader and in ranges by two counters that take turns: the records are the same, to the last digit, and so is
 * what is said of damage.
 */
import { parseBy } from '../../src/engine/by.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { NameBook } from '../../src/names/name-book.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { analyze } from '../../src/pipeline/analyze.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import { RangeCounter } from '../../src/pipeline/range-counter.ts'
import type { StartRanges } from '../../src/pipeline/read-ranges.ts'
import { same } from '../compare.ts'
import { memorySource } from '../memory-source.ts'
import { concat } from '../mutate-bytes.ts'
import { mutateOften } from '../mutate-capture.ts'
import { Random } from '../random.ts'
import type { Seeds } from '../seeds.ts'
import type { Target } from '../target.ts'

const SECOND = 1_000_000_000n
/** Choices of options that a thorough check makes. */
const THOROUGH = 50

export function jobsTarget(seeds: Seeds): Target {
  let analyses = 0

  return {
    name: 'jobs',
    generate(random) {
      let bytes = seeds.capture(random)
      // Sections behind each other: what describes is then in the middle, too.
      if (random.oneIn(3)) bytes = concat(bytes, seeds.capture(random))
      return [mutateOften(bytes, seeds, random, 4)]
    },
    async check(inputs, isThorough = false) {
      for (const input of inputs) {
        const random = new Random(input)
        for (let i = 0; i < (isThorough ? THOROUGH : 1); i++) {
          await checkJobs(input, random)
          analyses++
        }
      }
    },
    reset() {},
    notes: () => `${analyses} analyses`,
    close: () => Promise.resolve(),
  }
}

async function checkJobs(input: Uint8Array, random: Random): Promise<void> {
  const options = {
    grouping: parseBy(random.pick(['pair', 'flow,vlan,mac', 'host,interface'])),
    names: createEndpointNamer(),
    windowNs: random.pick([null, SECOND]),
    segmentBytes: 64 + random.below(1000),
    heldRowBudget: 50,
  }
  const startRanges: StartRanges = (_source, setup, ranges) => {
    const counters = [0, 1].map(() => new RangeCounter(loadCaptureModule(), setup, () => memorySource(input)))
    let next = 0
    return {
      async next() {
        const range = ranges[next++]!
        const counter = range.index % 2
        return { counter, counts: structuredClone(await counters[counter]!.count(range)) }
      },
      close: async () => {},
    }
  }
  same('records in ranges', await recordsOf(input, { ...options, startRanges }), await recordsOf(input, options))
}

async function recordsOf(input: Uint8Array, options: Parameters<typeof analyze>[2]): Promise<string> {
  const problems: InputProblem[] = []
  const open = () => Promise.resolve(memorySource(input))
  const source = { name: 'input', repeatable: true, size: input.length, open }
  const records: unknown[] = []
  const book = new NameBook()
  const all = { ...options, book, names: createEndpointNamer({ book }) }
  for await (const record of analyze(loadCaptureModule(), [source], all, problems)) records.push(record)
  return JSON.stringify([records, problems], (_key, value) => (typeof value === 'bigint' ? `${value}n` : value))
}
