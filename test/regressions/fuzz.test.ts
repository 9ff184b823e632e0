/** A short run of the fuzzer, and that it finds what is wrong: a run that finds nothing says something only then. */
import { describe, expect, test } from 'vitest'
import { type FuzzResult, fuzz } from '../../fuzz/fuzz.ts'
import { minimise } from '../../fuzz/minimise.ts'
import { Seeds } from '../../fuzz/seeds.ts'
import { Finding, type Target } from '../../fuzz/target.ts'
import { TARGETS } from '../../fuzz/targets/index.ts'

const seeds = new Seeds(false)
const byChance = crypto.randomUUID().slice(0, 8)
process.stdout.write(`fuzz: seed ${byChance}; npm run fuzz -- --no-corpus --seed ${byChance}\n`)

/** Processor seconds of each target with each seed: less than 20 in all. */
const SECONDS = 1

describe.each(Object.entries(TARGETS))('%s', (_name, create) => {
  test.each(['netkit', byChance])('seed %s', async (seed) => {
    const target = await create(seeds)
    const { crashers, inputs } = await fuzz(target, { seed, seconds: SECONDS })
    await target.close()
    expect(crashers).toEqual([])
    expect(inputs).toBeGreaterThan(10)
  })
})

/** Fails where a byte is 0x2a and a later one is 0x17. */
const faulty: Target = {
  name: 'faulty',
  generate: (random) => [random.bytes(200)],
  async check([input]) {
    const at = input!.indexOf(0x2a)
    if (at !== -1 && input!.indexOf(0x17, at) !== -1) throw new Finding('0x2a before 0x17')
  },
  reset() {},
  notes: () => '',
  close: async () => {},
}

const run = (target: Target, from = 0): Promise<FuzzResult> =>
  fuzz(target, { seed: 'a', seconds: 60, from, rounds: 400, mostFindings: 3 })

test('a fault is found, and the bytes that show it are made small', async () => {
  const { crashers } = await run(faulty)
  expect(crashers.map(({ message }) => message)).toEqual(new Array(3).fill('0x2a before 0x17'))
  for (const { inputs, isAlone } of crashers) expect([isAlone, inputs]).toEqual([true, [Uint8Array.of(0x2a, 0x17)]])
})

test('a seed and a round give the same inputs again', async () => {
  const [first] = (await run(faulty)).crashers
  const again = await run(faulty, first!.round)
  expect(again.crashers[0]).toEqual(first)
})

test('what takes too long is a fault', async () => {
  const check = async () => {
    const startedAt = process.cpuUsage()
    const usedMs = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000
    while (usedMs(process.cpuUsage(startedAt)) < 500);
  }
  const slow: Target = { ...faulty, generate: () => [new Uint8Array(0)], check }
  const { crashers } = await fuzz(slow, { seed: 'a', seconds: 60, mostFindings: 1, rounds: 1 })
  expect(crashers[0]?.message).toMatch(/^takes \d+ ms, 400 ms at most/)
})

test('bytes are left out from everywhere and set to zero', async () => {
  const fails = async (bytes: Uint8Array) => bytes.length >= 3 && bytes.includes(9)
  expect(await minimise(Uint8Array.of(1, 2, 3, 4, 9, 5, 6, 7), fails)).toEqual(Uint8Array.of(9, 0, 0))
})
