/** The package as it is published: what is in it, what it needs, and what others' tools say of it. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { rolldown } from 'rolldown'
import { parseSync } from 'rolldown/utils'
import { beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../../src/library/version.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { installPacked, type Packed, packPackage, root } from '../support/packed-package.ts'

const folder = temporaryFolder()
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

let packed: Packed
/** Where it is installed: in a path with spaces. */
const user = join(folder, 'a user')
let installed: string

beforeAll(() => {
  packed = packPackage(folder)
  installed = installPacked(packed, user)
}, 120_000)

describe('contents', () => {
  test('the library, the command line as it was bundled, and the tables that they read', () => {
    const places = new Set(packed.files.map(({ path }) => path.replace(/^(dist|build\/\w+)\/.*/, '$1/')))
    expect([...places].filter((place) => !place.startsWith('build/')).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/run.js',
      'dist/',
      'oclif.manifest.json',
      'package.json',
    ])
    for (const made of [
      'build/netkit.wasm',
      'build/report.html',
      'build/start.js',
      'build/chunks/',
      'build/commands/',
    ]) {
      expect(places).toContain(made)
    }
  })

  test('no sources, tests, captures or source maps', () => {
    const strangers = packed.files.filter(({ path }) =>
      /\.map$|(?<!\.d)\.ts$|\.test\.|pcap$|pcapng$|\.tsbuildinfo$/.test(path),
    )
    expect(strangers).toEqual([])
  })

  test('is small, and it is known where it goes', () => {
    expect(packed.size).toBeLessThan(3_000_000)
    const sizes: Record<string, number> = {}
    for (const { path, size } of packed.files) {
      const [part] = path.match(/^dist\/.*(?=\.d\.ts$)|^dist|^build\/[^/]+/) ?? ['']
      const name = path.endsWith('.d.ts') ? 'types' : part!
      sizes[name] = (sizes[name] ?? 0) + size
    }
    // In kB. Half of it are names of vendors, and packages that one option needs: BullMQ alone is two megabytes of the chunks.
    const most: Readonly<Record<string, number>> = {
      dist: 1000,
      types: 200,
      'build/chunks': 5500,
      'build/vendors.txt': 1800,
      'build/web': 1300,
    }
    for (const [part, size] of Object.entries(sizes)) expect(size / 1000, part).toBeLessThan(most[part] ?? 300)
  })

  test('the version that reports are signed with', () => {
    expect(VERSION).toBe(own.version)
  })
})

describe('imports', () => {
  test('what the shipped files import is a dependency, and every dependency is there for one of them, or for oclif', () => {
    const imported = new Set<string>()
    for (const { path } of packed.files) {
      if (path.endsWith('.js'))
        for (const name of packagesIn(readFileSync(join(installed, path), 'utf8'))) imported.add(name)
    }
    const optional = Object.keys(own.peerDependencies ?? {})
    const known = [...Object.keys(own.dependencies), ...optional]
    expect([...imported].filter((name) => !known.includes(name) && !NEVER_NEEDED.includes(name))).toEqual([])
    const ofOclif: string[] = [...own.oclif.plugins, '@oclif/core']
    expect(Object.keys(own.dependencies).filter((name) => !imported.has(name) && !ofOclif.includes(name))).toEqual([])
  })

  test('the entry for browsers reaches nothing of Node', () => {
    const reached = reach(join(installed, 'dist/index-browser.js'))
    expect(reached.size).toBeGreaterThan(50)
    const foreign = [...reached].flatMap((file) =>
      /\b(?:Buffer|process|require|__dirname)\b(?=[.([])/.test(withoutComments(readFileSync(file, 'utf8')))
        ? [file]
        : [],
    )
    expect(foreign).toEqual([])
  })

  test('importing it starts and loads nothing', async () => {
    const script = `
      const forbid = (name) => () => { throw new Error(name) }
      WebAssembly.Module = forbid('Module')
      WebAssembly.compile = forbid('compile')
      globalThis.fetch = forbid('fetch')
      const before = process.getActiveResourcesInfo()
      const globals = Object.getOwnPropertyNames(globalThis).length
      const names = Object.keys(await import('netkit'))
      await new Promise(setImmediate)
      const more = Object.getOwnPropertyNames(globalThis).length - globals
      console.log(JSON.stringify([names.length > 10, process.getActiveResourcesInfo().length - before.length, more]))`
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: user,
    })
    expect([stdout.trim(), stderr]).toEqual(['[true,0,0]', ''])
  })

  test('who imports nothing of it bundles nothing of it, and who decodes frames no WebAssembly', async () => {
    expect((await bundle("import 'netkit'")).trim()).toBe('export {};')
    const code = await bundle("export { decodeFrame } from 'netkit'")
    expect(code).toContain('decodeFrame')
    expect(code).not.toContain('WebAssembly')
    expect(code.length).toBeLessThan(100_000)
  })
})

describe('as others see it', () => {
  test('publint has nothing to say', async () => {
    const { buffer, byteOffset, length } = readFileSync(packed.tarball)
    const tarball = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer
    const { messages } = await publint({ pack: { tarball }, strict: true })
    expect(messages.map((message) => formatMessage(message, own))).toEqual([])
  })

  test('attw finds types for every entry and every way to import it', async () => {
    const attw = fileURLToPath(new URL('dist/index.js', import.meta.resolve('@arethetypeswrong/cli/package.json')))
    // The settings are those of .attw.json; what is no module has no types.
    const args = [attw, packed.tarball, '--format', 'json', '--no-emoji']
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 1 << 26 })
    const { analysis } = JSON.parse(stdout)
    expect(Object.keys(analysis.entrypoints).sort()).toEqual(['.', './browser', './package.json', './pcap-parser'])
    for (const { resolutions } of Object.values<{
      resolutions: Record<string, { isWildcard?: boolean; resolution?: unknown }>
    }>(analysis.entrypoints)) {
      expect(resolutions['node16-esm']?.resolution).toBeTruthy()
      expect(resolutions.bundler?.resolution).toBeTruthy()
    }
  })

  test('npx finds the command, from a path with spaces', async () => {
    // What npm install does at its end: links to the commands of packages.
    const inFolder = { cwd: user, env: { ...process.env, npm_config_offline: 'true' } }
    execFileSync('npm', ['rebuild', 'netkit', '--ignore-scripts'], { ...inFolder, stdio: 'ignore' })
    const { stdout } = await promisify(execFile)('npx', ['--no-install', 'netkit', '--version'], inFolder)
    expect(stdout).toContain(`netkit/${own.version}`)
    const capture = join(root, 'test/pcaps/one-frame.pcap')
    const analyzed = await promisify(execFile)(
      'npx',
      ['--no-install', 'netkit', 'analyze', capture, '--format', 'csv'],
      inFolder,
    )
    expect(analyzed.stdout).toContain('192.0.2.1')
  })
})

/** Asked for by packages in the bundle where they are there, and not missed. */
const NEVER_NEEDED = ['typescript']

/** What code imports, as it is written there: files and packages. */
function importsOf(code: string): string[] {
  const { staticImports, staticExports, dynamicImports } = parseSync('code.js', code).module
  const exported = staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest?.value))
  const later = dynamicImports.map(
    ({ moduleRequest: { start, end } }) => /^(["'`])([^"'`$]+)\1$/.exec(code.slice(start, end))?.[2],
  )
  return [...staticImports.map(({ moduleRequest }) => moduleRequest.value), ...exported, ...later].filter(
    (name) => name != null,
  )
}

/** Names of packages among them. */
function packagesIn(code: string): string[] {
  return importsOf(code)
    .flatMap((specifier) => (specifier in own.imports ? Object.values<string>(own.imports[specifier]) : [specifier]))
    .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    .map((specifier) => specifier.match(/^(@[^/]+\/)?[^/]+/)![0])
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

/** Files of the package that one of them imports, however far. */
function reach(file: string, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached
  reached.add(file)
  for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
    if (isBuiltin(specifier)) throw new Error(`${file} imports ${specifier}`)
    if (specifier.startsWith('.')) reach(resolve(dirname(file), specifier), reached)
  }
  return reached
}

async function bundle(code: string): Promise<string> {
  const source = join(user, 'source')
  mkdirSync(source, { recursive: true })
  const build = await rolldown({
    cwd: user,
    input: 'entry',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? join(source, 'entry.js') : null),
        load: (id) => (id === join(source, 'entry.js') ? code : null),
      },
    ],
    platform: 'node',
    external: [/^node:/],
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  return output[0].code
}
