/** Captures through the whole pipeline in this process: the records that a logger would get. */
import { parseBy } from '../../src/engine/by.ts'
import type { AnalysisRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { findInputs } from '../../src/node/inputs.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type AnalyzeOptions, analyze } from '../../src/pipeline/analyze.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'

export interface AnalyzedFiles {
  readonly records: readonly AnalysisRecord[]
  readonly problems: readonly InputProblem[]
}

/** By pair unless `options` say otherwise. */
export async function analyzeFiles(
  files: readonly string[],
  options: Partial<AnalyzeOptions> = {},
): Promise<AnalyzedFiles> {
  const problems: InputProblem[] = []
  const all = { grouping: parseBy('pair'), names: createEndpointNamer(), ...options }
  const records: AnalysisRecord[] = []
  for await (const record of analyze(loadCaptureModule(), await findInputs(files), all, problems)) records.push(record)
  return { records, problems }
}
