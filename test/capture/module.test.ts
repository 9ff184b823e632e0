import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { instantiate } from '../../src/capture/module.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'

const declared = readFileSync(new URL('../../src/capture/module.ts', import.meta.url), 'utf8')

test('the interface names each function of the module with its number of parameters, and no other', () => {
  const body = declared.slice(
    declared.indexOf('interface CaptureExports'),
    declared.indexOf('interface CaptureInstance'),
  )
  // Each parameter has one colon, on one line or on one of its own.
  const functions = [...body.matchAll(/^ {2}(\w+)\(([^)]*)\): \w+$/gm)].map(([, name, parameters]) => [
    name,
    parameters!.split(':').length - 1,
  ])
  const { exports } = instantiate(loadCaptureModule())
  const actual = Object.entries(exports)
    // Names with underscores are AssemblyScript's own.
    .filter(([name, value]) => typeof value === 'function' && !name.startsWith('__'))
    .map(([name, value]) => [name, (value as () => unknown).length])
  expect(actual.sort()).toEqual(functions.sort())
})

test('each instance has a memory of its own', () => {
  const module = loadCaptureModule()
  const [one, other] = [instantiate(module), instantiate(module)]
  expect(one.memory).not.toBe(other.memory)
  one.exports.configureFlowTable(0, 1n)
  one.exports.createReader(1000)
  expect(other.exports.flowCount()).toBe(0)
})

test('a module of another version is refused with what to do', () => {
  // (module (import "env" "memory" (memory 16)) (global (export "ABI_VERSION") i32 (i32.const 99)))
  const bytes = Buffer.from(
    '0061736d01000000' +
      '020f0103656e76066d656d6f7279020010' +
      '0607017f0041e3000b' +
      '070f010b4142495f56455253494f4e0300',
    'hex',
  )
  expect(() => instantiate(new WebAssembly.Module(bytes))).toThrow(
    'netkit.wasm has ABI version 99, 4 is needed: run npm run build',
  )
})
