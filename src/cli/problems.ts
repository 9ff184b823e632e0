/** What could not be read, as sentences and as an exit code. */
import type { InputProblem } from '../pipeline/input-problem.ts'
import { EXIT_DAMAGED_CAPTURE, EXIT_NOT_A_CAPTURE, EXIT_OK } from './exit-codes.ts'

export { explainProblems } from '../pipeline/explain-problems.ts'

/** The worst of them: no capture at all, before damage. */
export function exitCodeOfProblems(problems: readonly InputProblem[]): number {
  if (problems.length === 0) return EXIT_OK
  const unreadable = problems.some(({ kind, partial }) => !partial && (kind === 'unavailable' || kind === 'foreign'))
  return unreadable ? EXIT_NOT_A_CAPTURE : EXIT_DAMAGED_CAPTURE
}
