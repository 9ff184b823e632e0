// Compiles assembly/ and the portable decoders of src/decoders into build/netkit.wasm.
//
// The decoders are one source with two builds. Only the byte reader has two bodies: where tsc takes src/decoders/bytes.ts
// (a DataView), the hook below hands asc assembly/bytes.ts (loads from linear memory).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const OUTPUT = 'build/netkit.wasm'

const swaps = new Map([['src/decoders/bytes.ts', 'assembly/bytes.ts']])

const flags = ['--runtime', 'stub', '--importMemory', '--enable', 'simd', '-O3', '--noAssert', '--bindings', 'raw']

export async function buildWasm(root) {
  const { error, stderr } = await asc.main(['assembly/index.ts', ...flags, '--outFile', OUTPUT], {
    readFile(name, baseDir) {
      try {
        return readFileSync(join(baseDir || root, swaps.get(name) ?? name), 'utf8')
      } catch {
        return null
      }
    },
    writeFile(name, contents) {
      if (name !== OUTPUT) return
      mkdirSync(join(root, 'build'), { recursive: true })
      writeFileSync(join(root, name), contents)
    },
    listFiles: () => [],
  })
  const warnings = stderr.toString()
  if (warnings) process.stderr.write(warnings)
  if (error) throw error
}
