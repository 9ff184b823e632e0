/** What was bundled: whole, no more than is used, and with its licences. */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../support/captures.ts'

const build = `${projectFolder}build/`
const STATIC = /^(?:import|export)\s(?:[^;"']*\sfrom\s)?"([^"]+)"/gm
const DYNAMIC = /\bimport\("([^"]+)"\)/g

const files = ['start.js', ...['chunks', 'commands', 'hooks'].flatMap(filesIn)]

function filesIn(folder: string): string[] {
  return readdirSync(build + folder).map((file) => `${folder}/${file}`)
}

function textOf(file: string): string {
  return readFileSync(build + file, 'utf8')
}

function importsOf(file: string, kind: RegExp): string[] {
  return [...textOf(file).matchAll(kind)].map(([, name]) => name!)
}

/** All that is loaded before the first line of `file` runs. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded
  loaded.add(file)
  for (const name of importsOf(file, STATIC)) {
    if (name.startsWith('.')) loadedWith(posix.join(posix.dirname(file), name), loaded)
  }
  return loaded
}

/** By the comments that say where each part comes from. */
function packagesIn(loaded: Iterable<string>): string[] {
  const parts = [...loaded].flatMap((file) => [
    ...textOf(file).matchAll(/^\s*\/\/(?:#region)? .*node_modules\/((?:@[^/]+\/)?[^/]+)/gm),
  ])
  return [...new Set(parts.map(([, name]) => name!))].sort()
}

test('every import is of the bundle or of Node', () => {
  const imports = files.flatMap((file) =>
    [...importsOf(file, STATIC), ...importsOf(file, DYNAMIC)].map((name) => ({ file, name })),
  )
  expect(imports.length).toBeGreaterThan(files.length)
  const outside = imports.filter(({ name }) => !name.startsWith('.') && !isBuiltin(name))
  // Native, and optional: loaded when a query is asked, with a sentence when it is not there.
  const duckdb = ['@duckdb/node-api', '@duckdb/node-bindings'].map((name) => ({ file: 'commands/sql.js', name }))
  expect(outside).toEqual(duckdb)
  expect(textOf('commands/sql.js')).not.toMatch(/^import .*@duckdb/m)
})

test('the start loads no package', () => {
  expect(packagesIn(loadedWith('start.js'))).toEqual([])
})

test.each([
  '@noble/hashes',
  'cli-progress',
  'dns-packet',
  'hyparquet',
  'hyparquet-writer',
  'lru-cache',
  'mmdb-lib',
  'pako',
  'xxhash-wasm',
  'zstddec',
])('analyze loads %s when it needs it, not before', (name) => {
  expect(packagesIn(files)).toContain(name)
  expect(packagesIn(loadedWith('commands/analyze.js'))).not.toContain(name)
})

test.each(['live', 'log', 'report', 'diff'])(
  '%s loads what reads and writes Parquet when it is asked for',
  (command) => {
    const loaded = packagesIn(loadedWith(`commands/${command}.js`))
    expect(loaded.filter((name) => name.startsWith('hyparquet'))).toEqual([])
  },
)

test.each(['hono', '@hono/node-server'])('live loads %s when it serves a page, not before', (name) => {
  expect(packagesIn(files)).toContain(name)
  for (const command of ['live', 'web']) expect(packagesIn(loadedWith(`commands/${command}.js`))).not.toContain(name)
})

test.each(['@noble/ciphers', 'prom-client'])('live loads %s when it needs it, not before', (name) => {
  expect(packagesIn(files)).toContain(name)
  expect(packagesIn(loadedWith('commands/live.js'))).not.toContain(name)
})

test.each(['debug', 'ejs', 'minimatch', 'wrap-ansi'])(
  'what oclif needs %s for is not loaded with a command',
  (name) => {
    expect(packagesIn(files)).toContain(name)
    expect(packagesIn(loadedWith('commands/analyze.js'))).not.toContain(name)
  },
)

test('a command is in few files', () => {
  expect([...loadedWith('commands/analyze.js')].length).toBeLessThanOrEqual(8)
  expect([...loadedWith('workers/decompress-worker.js')].length).toBeLessThanOrEqual(3)
  expect(loadedWith('workers/range-worker.js')).not.toContain('chunks/command.js')
})

test('the licence of each package in it is there', () => {
  const sections = textOf('LICENSES.txt').split(/^-{80}$/m)
  const packages = packagesIn(files)
  expect(packages).toContain('pako')
  for (const name of packages) {
    const section = sections.find((text) => text.trim().startsWith(`${name} `))
    expect(section, name).toMatch(/licen[cs]e|permission/i)
  }
})
