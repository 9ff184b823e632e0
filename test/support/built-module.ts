/** A module of src/ with all that it imports as one file, for tests that run it in a process of its own: Node 20 takes no TypeScript. */
import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Two steps below the root, as everything that looks for build/netkit.wasm. */
const FOLDER = join(root, 'build/of-tests')

const built = new Map<string, Promise<string>>()

afterAll(async () => {
  for (const file of await Promise.all(built.values())) rmSync(file, { force: true })
})

/** Path of the file, which is there as long as the tests of whoever asks. `source`: as in `node/interfaces.ts`. */
export function builtModule(source: string): Promise<string> {
  const known = built.get(source)
  if (known !== undefined) return known
  const building = build(source)
  built.set(source, building)
  return building
}

async function build(source: string): Promise<string> {
  const file = join(FOLDER, `${basename(source, '.ts')}-${process.pid}.js`)
  const bundle = await rolldown({
    cwd: root,
    input: join('src', source),
    platform: 'node',
    tsconfig: false,
    external: ['typescript'],
  })
  await bundle.write({ file, format: 'esm', codeSplitting: false })
  await bundle.close()
  return file
}
