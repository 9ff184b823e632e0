/** Captures through the pipeline of a report, in this process. */
import { openNameBook } from '../../src/cli/name-flags.ts'
import { openReportLabels } from '../../src/cli/report-labels.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { findInputs } from '../../src/node/inputs.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import { countForReport, type ReportOptions } from '../../src/pipeline/report.ts'
import { createReport, type ReportSource } from '../../src/report/create-report.ts'
import type { ReportData } from '../../src/report/report-data.ts'

const ORIGIN = {
  netkitVersion: '0.0.0',
  command: 'netkit report',
  inputs: 'capture.pcap',
  sinceNs: undefined,
  untilNs: undefined,
}

/** By pair, 50 rows a table, unless `options` say otherwise. Null when not one of the files is a capture. */
export async function reportSourceOf(
  files: readonly string[],
  options: Partial<ReportOptions> = {},
): Promise<ReportSource | null> {
  const problems: InputProblem[] = []
  const book = openNameBook({ numeric: false, hosts: undefined, 'no-hosts': false })
  const names = createEndpointNamer({ book })
  const labelsOf = await openReportLabels({ numeric: false, vendors: false })
  const all: ReportOptions = {
    by: 'pair',
    names,
    book,
    labelsOf,
    sort: 'bytes',
    top: 50,
    maxFlows: 1_000_000,
    ...options,
  }
  const counted = await countForReport(loadCaptureModule(), await findInputs(files), all, problems)
  return counted && { ...counted, ...ORIGIN, units: 'auto', check: null }
}

export async function reportOn(
  files: readonly string[],
  options: Partial<ReportOptions> = {},
): Promise<ReportData | null> {
  const source = await reportSourceOf(files, options)
  return source && createReport(source)
}
