import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { loadCaptureModule } from '../../src/browser/wasm-module.ts'

const bytes = readFileSync(new URL('../../build/netkit.wasm', import.meta.url))
const exportsOf = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name)

test('a module from bytes, an answer, or a module', async () => {
  const fromBytes = await loadCaptureModule(new Uint8Array(bytes))
  expect(exportsOf(fromBytes)).toContain('createReader')
  expect(exportsOf(await loadCaptureModule(new Response(new Uint8Array(bytes))))).toEqual(exportsOf(fromBytes))
  expect(await loadCaptureModule(fromBytes)).toBe(fromBytes)
})

test('a module from an address, whatever type the server says; and what is wrong with one', async () => {
  const server = createServer((request, response) => {
    const isThere = request.url === '/netkit.wasm'
    response.writeHead(isThere ? 200 : 404, { 'content-type': 'text/plain' }).end(isThere ? bytes : 'no')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const url = `http://127.0.0.1:${port}/netkit.wasm`
  expect(exportsOf(await loadCaptureModule(new URL(url)))).toContain('createReader')
  await expect(loadCaptureModule(`${url}.gz`)).rejects.toThrow(`cannot load ${url}.gz: 404 Not Found`)
  server.close()
})

test('what is no module is refused', async () => {
  await expect(loadCaptureModule(new Uint8Array(4))).rejects.toThrow(WebAssembly.CompileError)
})
