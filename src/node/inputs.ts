/** Names on the command line → inputs of the pipeline. */
import { stat } from 'node:fs/promises'
import type { Input } from '../pipeline/inputs.ts'
import { expandInputs } from './expand-inputs.ts'
import { openSource } from './open-source.ts'

/** Files, folders, globs and `-`. Throws SourceUnavailable for what does not exist. */
export async function findInputs(names: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = []
  for (const name of await expandInputs(names)) {
    const facts = name === '-' ? null : await stat(name)
    const isFile = facts?.isFile() ?? false
    inputs.push({
      name: name === '-' ? 'stdin' : name,
      repeatable: isFile,
      size: isFile ? facts!.size : null,
      open: () => openSource(name),
    })
  }
  return inputs
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
