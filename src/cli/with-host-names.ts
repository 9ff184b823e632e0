/** What --resolve does to records. The code that can ask DNS is loaded here and nowhere else: without the flag it is not there. */
import type { Analysis, AnalysisRecord } from '../engine/records.ts'

export async function* withHostNames(
  records: AsyncIterable<AnalysisRecord>,
  analysis: Analysis,
): AsyncGenerator<AnalysisRecord> {
  const { createReverseDns } = await import('../node/reverse-dns.ts')
  const { resolveNames } = await import('../pipeline/resolve-names.ts')
  const names = createReverseDns()
  try {
    yield* resolveNames(records, analysis, names)
  } finally {
    names.close()
  }
}
