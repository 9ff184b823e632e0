/**
 * The bytes of every fault that fuzzing found, through the target that found it: test/regressions/TARGET/WHAT-IT-WAS.bin. And some
 * that were made by hand because they are what an attacker tries first.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { timedCheck } from '../../fuzz/fuzz.ts'
import { Seeds } from '../../fuzz/seeds.ts'
import type { Target } from '../../fuzz/target.ts'
import { TARGETS } from '../../fuzz/targets/index.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(`${folder}${name}`).map((file) => [name, file] as const))

const targets = new Map<string, Target>()

afterAll(async () => {
  for (const target of targets.values()) await target.close()
})

test.each(files)('%s: %s', async (name, file) => {
  let target = targets.get(name)
  if (target === undefined) {
    target = await TARGETS[name]!(new Seeds(false))
    targets.set(name, target)
  }
  target.reset()
  const inputs = [readFileSync(`${folder}${name}/${file}`)]
  await target.check(inputs, true)
  expect(await timedCheck(target, inputs)).toBeLessThan(1)
})
