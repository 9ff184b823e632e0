/**
 * The facts of a capture → the same without the names of files, interfaces and hosts. Rows need nothing: their keys are written
 * hidden (anonymize/anonymous-names.ts).
 */
import type { Anonymizer } from '../anonymize/anonymizer.ts'
import type { CheckReport, Finding } from '../check/finding.ts'
import { formatAddress } from '../decoders/address-text.ts'
import type { DiffReport, SideFacts } from '../engine/diff-rows.ts'
import type { AnalysisRecord, CaptureNames, CaptureRecord, NamedAddress } from '../engine/records.ts'
import { addressOctets } from '../names/address-octets.ts'

export async function* anonymizeRecords(
  records: AsyncIterable<AnalysisRecord>,
  anonymizer: Anonymizer,
): AsyncGenerator<AnalysisRecord> {
  for await (const record of records) yield record.type === 'capture' ? anonymizeCapture(record, anonymizer) : record
}

export function anonymizeCapture(capture: CaptureRecord, anonymizer: Anonymizer): CaptureRecord {
  const aliases = fileAliases(capture)
  const place = <T extends { readonly file: string; readonly message: string }>(problem: T): T => ({
    ...problem,
    file: aliases.of(problem.file),
    message: aliases.within(problem.message),
  })
  return {
    ...capture,
    files: capture.files.map(aliases.of),
    interfaces: capture.interfaces.map((one) => ({
      ...one,
      name: one.name === null ? null : anonymizer.interfaceName(one.name),
    })),
    damage: capture.damage.map(place),
    salvage: capture.salvage?.map(place) ?? null,
    ...(capture.names !== undefined && { names: anonymizeNames(capture.names, anonymizer) }),
  }
}

export function anonymizeCheck(report: CheckReport, anonymizer: Anonymizer): CheckReport {
  const aliases = fileAliases(report.capture)
  const hide = (finding: Finding): Finding => {
    const details = Object.entries(finding.details).map(([name, value]) => [
      name,
      typeof value === 'string' ? aliases.within(value) : value,
    ])
    return { ...finding, details: Object.fromEntries(details) }
  }
  return { ...report, capture: anonymizeCapture(report.capture, anonymizer), findings: report.findings.map(hide) }
}

/** `file 1`, `file 2`: in the order of the capture, then of those that could not be read. */
function fileAliases({ files, damage }: Pick<CaptureRecord, 'files' | 'damage'>) {
  const names = [...new Set([...files, ...damage.map(({ file }) => file)])]
  const aliases = new Map(names.map((name, i) => [name, `file ${i + 1}`]))
  // Of two paths one may be the beginning of the other.
  const longestFirst = [...aliases].sort(([a], [b]) => b.length - a.length)
  return {
    of: (name: string) => aliases.get(name) ?? 'file',
    within: (text: string) => longestFirst.reduce((hidden, [name, alias]) => hidden.replaceAll(name, alias), text),
  }
}

export function anonymizeDiff(report: DiffReport): DiffReport {
  const hide = (side: SideFacts): SideFacts => ({ ...side, files: side.files.map((_, i) => `file ${i + 1}`) })
  return { ...report, a: hide(report.a), b: hide(report.b) }
}

/** By address as they are printed: in the order of the real ones it could be seen which of two is the lower. */
function anonymizeNames({ listed, more }: CaptureNames, anonymizer: Anonymizer): CaptureNames {
  const hidden = listed.map((one): NamedAddress => {
    const octets = addressOctets(one.address)
    const address = octets === null ? '' : formatAddress(anonymizer.address(Uint8Array.from(octets)))
    return { ...one, address, name: anonymizer.name(one.name) }
  })
  return { listed: hidden.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0)), more }
}
