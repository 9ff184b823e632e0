/** What could not be read → sentences. */
import type { InputProblem } from './input-problem.ts'

export function* explainProblems(problems: readonly InputProblem[]): Generator<string> {
  for (const { file, message, kind, partial, salvage } of problems) {
    const sentence = kind === 'unavailable' ? message : `${file}: ${message}`
    if (partial && salvage !== undefined) yield sentence
    else if (partial) yield `${sentence}; everything before it is shown`
    else yield kind === 'cut' || kind === 'damaged' ? `${sentence}; nothing in it could be read` : sentence
  }
}
