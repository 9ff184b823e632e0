/** Names on the command line → inputs of the pipeline. */
import { stat } from 'node:fs/promises'
import type { Input } from '../pipeline/inputs.ts'
import { expandInputs } from './expand-inputs.ts'
import { openSource } from './open-source.ts'
import { unavailable } from './system-error.ts'

export interface FileInput extends Input {
  /** `-` for stdin. */
  readonly path: string
}

/** Files, folders, globs and `-`. Throws SourceUnavailable for what does not exist. */
export async function findInputs(names: readonly string[]): Promise<FileInput[]> {
  return Promise.all((await expandInputs(names)).map(findInput))
}

async function findInput(path: string): Promise<FileInput> {
  const facts = path === '-' ? null : await statInput(path)
  const isFile = facts?.isFile() ?? false
  return {
    path,
    name: path === '-' ? 'stdin' : path,
    repeatable: isFile,
    size: isFile ? facts!.size : null,
    open: () => openSource(path),
  }
}

async function statInput(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    throw unavailable('open', path, error)
  }
}

/** Stored bytes of all inputs; null when one of them does not say. */
export function totalSize(inputs: readonly Input[]): number | null {
  let total = 0
  for (const { size } of inputs) {
    if (size === null) return null
    total += size
  }
  return total
}
