/** The module is built from its sources alone: the same bytes in any folder, and the bytes that are in build/. */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
// @ts-expect-error: a script without types.
import { buildWasm } from '../../scripts/build-wasm.js'
import { projectFolder } from '../support/captures.ts'

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Builds copies of the sources in a folder of their own, and nothing else there; gives the digest of what came out. */
async function buildIn(prefix: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  folders.push(folder)
  for (const sources of ['assembly', 'src/decoders', 'src/abi']) {
    cpSync(join(projectFolder, sources), join(folder, sources), { recursive: true })
  }
  await buildWasm(folder)
  return sha256(join(folder, 'build/netkit.wasm'))
}

test('two builds in two folders give the module that is in build/', { timeout: 120_000 }, async () => {
  const first = await buildIn('netkit-wasm-')
  expect(await buildIn('netkit-wasm-in-a-folder-with-a-longer-name-')).toBe(first)
  expect(
    sha256(join(projectFolder, 'build/netkit.wasm')),
    'build/netkit.wasm is not of these sources: npm run build',
  ).toBe(first)
})
