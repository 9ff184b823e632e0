// Bundles the command line into build/: src/cli/start.ts, and each command, hook and thread as a file of its own that is loaded when it is
// needed, over shared chunks. The packages are in the chunks: opening 280 small files was half of the time of a short run.
//
// dist/ stays what tsc made of src/, file by file: the library, with its types. The command line uses nothing of it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** Folders of build/ and what is in them. All are one deep: src/node/wasm-module.ts goes two steps up to the package. */
const FOLDERS = { commands: 'src/commands', hooks: 'src/cli/hooks', workers: 'src/node/workers' }
const CHUNKS = 'chunks'

export async function buildProgram(root) {
  const output = join(root, 'build')
  for (const name of [...Object.keys(FOLDERS), CHUNKS]) rmSync(join(output, name), { recursive: true, force: true })
  const bundle = await rolldown({
    cwd: root,
    input: { start: 'src/cli/start.ts', ...entries(root) },
    platform: 'node',
    tsconfig: false,
    // oclif looks for it in development, and does without it.
    external: ['typescript'],
  })
  // Not minified: that gained nothing measurable, and stack traces stay readable.
  const written = await bundle.write({ dir: output, format: 'esm', chunkFileNames: `${CHUNKS}/[name].js` })
  await bundle.close()
  const modules = written.output.flatMap((chunk) => chunk.moduleIds ?? [])
  writeFileSync(join(output, 'LICENSES.txt'), licences(modules))
}

function entries(root) {
  const files = Object.entries(FOLDERS).flatMap(([name, folder]) =>
    readdirSync(join(root, folder)).map((file) => [`${name}/${file.replace(/\.ts$/, '')}`, join(folder, file)]),
  )
  return Object.fromEntries(files)
}

/** Of the packages that the bundle holds copies of: their licences ask to stay with them. */
function licences(modules) {
  const folders = modules.map((id) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0])
  const texts = [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
      const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
      return `${name} ${version}: ${license}\n${text}`
    })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}
