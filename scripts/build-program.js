// Bundles the command line into build/: src/cli/start.ts, and each command, hook and thread as a file of its own that is loaded when it is
// needed, over shared chunks. The packages are in the chunks: opening 280 small files was half of the time of a short run.
//
// dist/ stays what tsc made of src/, file by file: the library, with its types. The command line uses nothing of it.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { buildLive } from './build-live.js'
import { buildView } from './build-view.js'
import { leanOclif } from './lean-oclif.js'
import { licences } from './licences.js'

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
    // oclif looks for typescript in development, and does without it. DuckDB is native, and only there for those who ask it.
    external: ['typescript', '@duckdb/node-api', '@duckdb/node-bindings'],
    // Its main file is CommonJS, of which nothing can be left out: PostgreSQL, flows and schedules are half of it.
    resolve: { alias: { bullmq: 'bullmq/dist/esm/index.js' } },
    treeshake: { moduleSideEffects: [{ test: /node_modules\/bullmq\//, sideEffects: false }] },
    plugins: [leanOclif()],
  })
  // Not minified: that gained nothing measurable, and stack traces stay readable.
  const written = await bundle.write({
    dir: output,
    format: 'esm',
    chunkFileNames: `${CHUNKS}/[name].js`,
    codeSplitting: { groups: largeChunks(root) },
  })
  await bundle.close()
  const modules = written.output.flatMap((chunk) => chunk.moduleIds ?? [])
  writeFileSync(
    join(output, 'LICENSES.txt'),
    licences([...modules, ...(await buildView(root)), ...(await buildLive(root))]),
  )
}

/**
 * What several commands need from their start on is in four chunks, as each file takes half a millisecond to be found, opened and linked:
 * what the whole of oclif needs too, what decompresses and what counts, which threads need, and what is around that. What is imported when it is needed stays apart.
 */
function largeChunks(root) {
  const loaded = new Map()
  const isLoadedWith = (entry, id, context) => {
    if (!loaded.has(entry)) loaded.set(entry, staticImports(resolve(root, entry), context))
    return loaded.get(entry).has(id)
  }
  const isLoadedLater = (entry, id, context) =>
    context.getModuleInfo(join(root, entry)).dynamicallyImportedIds.some((later) => isLoadedWith(later, id, context))
  const others = readdirSync(join(root, FOLDERS.commands))
    .filter((file) => file !== 'analyze.ts')
    .map((file) => join(FOLDERS.commands, file))
  const group = (name, priority, isOf) => ({
    name: (id, context) => (isLoadedWith('src/commands/analyze.ts', id, context) && isOf(id, context) ? name : null),
    debugName: name,
    priority,
  })
  return [
    group('cli', 4, (id, context) => isLoadedLater('src/cli/start.ts', id, context)),
    group('bytes', 3, (id, context) => isLoadedWith('src/node/workers/decompress-worker.ts', id, context)),
    group('count', 2, (id, context) => isLoadedWith('src/node/workers/range-worker.ts', id, context)),
    group('command', 1, (id, context) => others.some((entry) => isLoadedWith(entry, id, context))),
  ]
}

function staticImports(id, context, found = new Set()) {
  if (!found.has(id)) {
    found.add(id)
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) staticImports(imported, context, found)
  }
  return found
}

function entries(root) {
  const files = Object.entries(FOLDERS).flatMap(([name, folder]) =>
    readdirSync(join(root, folder)).map((file) => [`${name}/${file.replace(/\.ts$/, '')}`, join(folder, file)]),
  )
  return Object.fromEntries(files)
}
