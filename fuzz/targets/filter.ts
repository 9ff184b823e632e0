/**
 * Random filters over captures that are damaged: an expression is a filter or a FilterError, and what it takes of a frame does not
 * depend on what lies behind the frame, or on how the bytes came. Filters of flows take the same when nothing is kept of flows.
 */
import { Parser } from '../../src/capture/parser.ts'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import type { CompiledFilter } from '../../src/filter/compiled-filter.ts'
import { FilterError } from '../../src/filter/filter-error.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { EXPRESSIONS } from '../../test/filter/expressions.ts'
import { same } from '../compare.ts'
import { memorySource } from '../memory-source.ts'
import { mutateOften } from '../mutate-capture.ts'
import { Random } from '../random.ts'
import type { Seeds } from '../seeds.ts'
import type { Target } from '../target.ts'

const WORDS = EXPRESSIONS.flatMap((expression) => expression.split(' '))
const JOINTS = [' and ', ' or ', ' and not ', ' or not ', ' ', ' or (', ') and (', '', '[', ']', ' & ', ' = ']

export function filterTarget(seeds: Seeds): Target {
  let compiled = 0
  let refused = 0

  function compile(expression: string): CompiledFilter | null {
    try {
      const filter = compileFilter(expression)
      compiled++
      return filter
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      refused++
      return null
    }
  }

  async function taken(
    input: Uint8Array,
    filter: CompiledFilter,
    poison: number,
    size?: () => number,
  ): Promise<string> {
    const options = { keyFields: 0, filter, chunkBytes: size ? 512 : 1 << 16 }
    const parser = new Parser(loadCaptureModule(), options)
    const stream = parser.open(memorySource(input, { poison, ...(size && { size }) }))
    const frames: string[] = []
    try {
      for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
        for (let i = 0; i < batch.count; i++) {
          frames.push(`${batch.time[2 * i]}.${batch.time[2 * i + 1]} ${batch.caplen[i]} ${batch.origlen[i]}`)
        }
      }
    } catch (error) {
      // How many frames came before it depends on how the bytes came.
      if (!(error instanceof FilterError)) throw error
      return error.reason
    }
    await parser.close(stream)
    return frames.join('\n')
  }

  return {
    name: 'filter',
    generate(random) {
      return [mutateOften(seeds.capture(random), seeds, random, 8)]
    },
    async check(inputs) {
      for (const input of inputs) {
        const random = new Random(input)
        const expression = anyExpression(random)
        const filter = compile(expression)
        if (filter === null) continue
        const piece = random.pick([1, 50, 1000])
        const whole = await taken(input, filter, 0xff)
        const pieces = await taken(input, filter, 0x00, () => 1 + random.below(piece))
        same('frames of a filter', whole, pieces)
        const unkept = compile(`len >= 0 and (${expression})`)
        if (unkept !== null && expression.trim() !== '' && unkept.refusals.length === filter.refusals.length) {
          same('frames of a filter of frames', whole, await taken(input, unkept, 0xff))
        }
      }
    },
    reset() {},
    notes: () => `${compiled} filters, ${refused} that were none`,
    close: async () => {},
  }
}

function anyExpression(random: Random): string {
  if (random.oneIn(3)) return random.pick(EXPRESSIONS)
  let text = random.pick(random.oneIn(3) ? WORDS : EXPRESSIONS)
  for (let more = random.below(5); more > 0; more--) {
    text += random.pick(JOINTS) + random.pick(random.oneIn(3) ? WORDS : EXPRESSIONS)
  }
  return text
}
