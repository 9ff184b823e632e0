// The programs of bench/c → executables in the data folder, compiled anew when their source is newer.
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCES = fileURLToPath(new URL('../c', import.meta.url))

const PROGRAMS = {
  gen: { flags: ['-O2'], libraries: ['-lm'], sources: ['gen.c'] },
  launch: { flags: ['-O2'], libraries: [], sources: ['launch.c'] },
  // -march=native: the C program is the limit of this machine, not of all.
  copt: { flags: ['-O3', '-march=native'], libraries: ['-lpcap'], sources: ['copt.c', 'agg.h'] },
}

/**
 * Path of a compiled program.
 * @param {keyof typeof PROGRAMS} name
 * @param {string} folder
 */
export function compile(name, folder) {
  const { flags, libraries, sources } = PROGRAMS[name]
  const target = join(folder, `bench-${name}`)
  const newest = Math.max(...sources.map((source) => statSync(join(SOURCES, source)).mtimeMs))
  if (existsSync(target) && statSync(target).mtimeMs > newest) return target
  const part = `${target}.part`
  const args = [...flags, '-o', part, join(SOURCES, sources[0]), ...libraries]
  const { error, status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' })
  if (error) throw new Error(`gcc: ${error.message}`)
  if (status !== 0) throw new Error(`gcc could not compile ${sources[0]}: ${stderr.split('\n')[0]}`)
  renameSync(part, target)
  return target
}
