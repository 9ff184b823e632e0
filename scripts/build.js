// Builds everything that is made from source: the WebAssembly module (asc), the library (tsc), the command line (rolldown) and its
// manifest (oclif), and the tables of names. Usage: node scripts/build.js [wasm|names|js|program|web|manifest]...   Without arguments: all of
// them, in that order.
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const steps = {
  async wasm() {
    const { buildWasm } = await import('./build-wasm.js')
    await buildWasm(root)
  },
  async names() {
    const { buildNames } = await import('./build-names.js')
    buildNames(root)
  },
  async js() {
    rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })
    const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
    const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
    if (status !== 0) throw new Error('tsc failed')
    const { rollUpTypes } = await import('./public-api.js')
    rollUpTypes(root)
  },
  async program() {
    const { buildProgram } = await import('./build-program.js')
    await buildProgram(root)
  },
  /** After program, whose page of reports it has inside. */
  async web() {
    const { buildWeb } = await import('./build-web.js')
    await buildWeb(root)
  },
  async manifest() {
    const { Plugin } = await import('@oclif/core')
    const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true })
    await plugin.load()
    writeFileSync(new URL('../oclif.manifest.json', import.meta.url), JSON.stringify(plugin.manifest))
  },
}

const wanted = process.argv.slice(2)
for (const [name, run] of Object.entries(steps)) {
  if (wanted.length === 0 || wanted.includes(name)) await run()
}
