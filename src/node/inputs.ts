/** Names on the command line → inputs of the pipeline. */
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { SourceUnavailable } from '../capture/source.ts'
import type { Input } from '../pipeline/inputs.ts'
import { expandInputs } from './expand-inputs.ts'
import { openSource } from './open-source.ts'
import { unavailable } from './system-error.ts'

export interface FileInput extends Input {
  /** `-` for stdin. */
  readonly path: string
}

/**
 * Files, folders, globs and `-`, each file once, by whatever name or link it is reached. What does not exist becomes an input
 * that cannot be opened, so that it costs the others nothing; alone it throws SourceUnavailable. `onThread`: see openSource.
 */
export async function findInputs(names: readonly string[], onThread = false): Promise<FileInput[]> {
  const inputs: FileInput[] = []
  const seen = new Set<string>()
  for (const name of names) {
    try {
      for (const path of await expandInputs([name])) {
        const facts = await statInput(path)
        const identity = facts === null ? path : `${facts.dev}:${facts.ino}`
        if (seen.has(identity)) continue
        seen.add(identity)
        inputs.push(inputOf(path, facts, onThread))
      }
    } catch (error) {
      if (!(error instanceof SourceUnavailable) || names.length === 1) throw error
      inputs.push(missingInput(name, error))
    }
  }
  return inputs
}

function inputOf(path: string, facts: Stats | null, onThread: boolean): FileInput {
  const isFile = facts?.isFile() ?? false
  return {
    path,
    name: path === '-' ? 'stdin' : path,
    repeatable: isFile,
    size: isFile ? facts!.size : null,
    open: () => openSource(path, onThread),
  }
}

function missingInput(path: string, error: SourceUnavailable): FileInput {
  return { path, name: path, repeatable: false, size: 0, open: () => Promise.reject(error) }
}

/** Null for stdin. */
async function statInput(path: string): Promise<Stats | null> {
  if (path === '-') return null
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
