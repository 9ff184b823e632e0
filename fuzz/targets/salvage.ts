/**
 * Damaged captures, read with going on behind damage: whole with one poison behind what was read, and in pieces with another. The
 * same frames are found, the same bytes are said to be lost, and nothing of a sound capture is.
 */
import { KEY_ALL } from '../../src/abi/key-fields.ts'
import { Parser } from '../../src/capture/parser.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { comparePart, faultText, interfaceText, same } from '../compare.ts'
import { memorySource } from '../memory-source.ts'
import { concat } from '../mutate-bytes.ts'
import { mutateOften } from '../mutate-capture.ts'
import { Random } from '../random.ts'
import type { Seeds } from '../seeds.ts'
import { Finding, type Target } from '../target.ts'

/** As the parser target has it. */
const MODULE_BYTES = 160 << 20
const MOST_INTERFACES = 30_000
const MOST_FLOWS = 2000
const CHUNKS = [64, 1000, 4096]

interface Pair {
  readonly whole: Parser
  readonly pieces: Parser
}

export function salvageTarget(seeds: Seeds): Target {
  const pairs: (Pair | undefined)[] = []
  let frames = 0
  let places = 0
  let lost = 0

  function pairOf(index: number): Pair {
    const known = pairs[index]
    if (known !== undefined && known.whole.interfaceCount < MOST_INTERFACES) return known
    const parser = (chunkBytes: number) =>
      new Parser(loadCaptureModule(), { keyFields: KEY_ALL, salvage: true, chunkBytes })
    const pair = { whole: parser(1 << 16), pieces: parser(CHUNKS[index]!) }
    pairs[index] = pair
    return pair
  }

  async function checkOne(input: Uint8Array): Promise<void> {
    const random = new Random(input)
    const { whole, pieces } = pairOf(random.below(CHUNKS.length))
    const firstInterface = whole.interfaceCount
    const a = whole.open(memorySource(input, { poison: 0xff }))
    const most = random.pick([1, 50, 1000])
    const b = pieces.open(memorySource(input, { poison: 0x00, size: () => 1 + random.below(most) }))
    let captured = 0
    for (let batch = await a.next(); batch !== null; batch = await a.next()) {
      if (batch.memory.length > MODULE_BYTES) throw new Finding(`${batch.memory.length} bytes of memory`)
      for (let done = 0; done < batch.count; ) {
        const part = await b.next(batch.count - done)
        if (part === null) throw new Finding(`in pieces, frame ${a.frames - batch.count + done} is missing`)
        comparePart(batch, done, part)
        done += part.count
      }
      for (let i = 0; i < batch.count; i++) captured += batch.caplen[i]!
    }
    if ((await b.next()) !== null) throw new Finding('in pieces there are frames more')
    same('fault', faultText(a.fault), faultText(b.fault))
    same('losses', lossText(a), lossText(b))
    same('interfaces', whole.interfaceCount, pieces.interfaceCount)
    for (let id = firstInterface; id < whole.interfaceCount; id++) {
      same(`interface ${id}`, interfaceText(whole, id), interfaceText(pieces, id))
    }
    const { bytes, places: lossCount } = a.losses
    if (captured + bytes > input.length) throw new Finding(`${captured} captured, ${bytes} lost, of ${input.length}`)
    frames += a.frames
    places += lossCount
    lost += bytes
    await whole.close(a)
    await pieces.close(b)
    if (whole.flows.size > MOST_FLOWS) {
      whole.forgetFlows()
      pieces.forgetFlows()
    }
  }

  return {
    name: 'salvage',
    generate(random) {
      let bytes = mutateOften(seeds.capture(random), seeds, random, 4)
      if (random.oneIn(2)) {
        // Garbage in the middle, or zeros, as a lost sector has.
        const at = random.below(bytes.length)
        const garbage = random.oneIn(3) ? new Uint8Array(random.below(600)) : random.bytes(random.below(600))
        bytes = concat(bytes.subarray(0, at), garbage, bytes.subarray(at + random.below(100)))
      }
      return [bytes]
    },
    async check(inputs) {
      for (const input of inputs) await checkOne(input)
    },
    reset() {
      pairs.length = 0
    },
    notes: () => `${frames} frames, ${lost} bytes lost in ${places} places`,
    close: () => Promise.resolve(),
  }
}

function lossText({ losses }: ReturnType<Parser['open']>): string {
  return JSON.stringify(losses, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value))
}
