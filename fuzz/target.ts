/** What is fuzzed: makes inputs, and says what is wrong with what the code under test made of one. */
import type { Random } from './random.ts'

export interface Target {
  /** As `--target` names it, and the folder of test/regressions that keeps what it found. */
  readonly name: string
  /** One or more inputs, each a sequence of bytes that {@link check} takes by itself. */
  generate(random: Random): Uint8Array[]
  /**
   * Rejects with a {@link Finding}, or with whatever the code under test threw and should not have. All choices it makes (read
   * sizes, options) follow from the bytes; `isThorough`: makes all of them, where there are few.
   */
  check(inputs: readonly Uint8Array[], isThorough?: boolean): Promise<void>
  /** Forgets all state: after a finding, and when one is made smaller. */
  reset(): void
  /** What it measured, for the report. */
  readonly notes: () => string
  close(): Promise<void>
}

/** The code under test did not do what it promises. */
export class Finding extends Error {
  override readonly name = 'Finding'
}

/**
 * What a check may cost: so much to begin with, and so much for each byte of its inputs. Ten to a hundred times what it takes on
 * the slowest machine in use, so that what is found is of another order, not a busy machine.
 */
const BASE_MS = 400
const MS_PER_BYTE = 0.02

export function allowedMs(inputs: readonly Uint8Array[]): number {
  return BASE_MS + MS_PER_BYTE * inputs.reduce((sum, { length }) => sum + length, 0)
}
