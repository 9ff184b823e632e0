// Bundles the fuzzer into build/fuzz and starts it: Node 20 runs no TypeScript. Usage: npm run fuzz -- --help
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))

const bundle = await rolldown({
  cwd: root,
  input: 'fuzz/main.ts',
  platform: 'node',
  tsconfig: false,
  // Packages stay where they are; some come with files beside them.
  external: (id) => !/^[./\0]/.test(id) && !id.startsWith('fuzz/'),
})
await bundle.write({ dir: `${root}build/fuzz`, format: 'esm', entryFileNames: 'main.js', codeSplitting: false })
await bundle.close()
await import('../build/fuzz/main.js')
