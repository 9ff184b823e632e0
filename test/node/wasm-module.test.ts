import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { temporaryFolder } from './fixtures.ts'

test('one compiled module a process', () => {
  const module = loadCaptureModule()
  expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toContain('ABI_VERSION')
  expect(loadCaptureModule()).toBe(module)
})

test('a package that was never built says what to do', async () => {
  const folder = join(temporaryFolder(), 'src', 'node')
  mkdirSync(folder, { recursive: true })
  const copy = join(folder, 'wasm-module.ts')
  copyFileSync(new URL('../../src/node/wasm-module.ts', import.meta.url), copy)
  const unbuilt = (await import(copy)) as { loadCaptureModule(): WebAssembly.Module }
  expect(() => unbuilt.loadCaptureModule()).toThrow(
    'the capture module build/netkit.wasm is missing: run npm run build',
  )
})
