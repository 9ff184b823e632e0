/** A report on the quality of a capture → one JSON object, a finding a line. Names are a public interface. */
import { type CheckReport, type Finding, worstSeverity } from '../check/finding.ts'
import { wordsOf } from './check-words.ts'
import { captureObject, exactInteger, SCHEMA_VERSION } from './json-fields.ts'
import { jsonText } from './json-text.ts'

export function checkJson(report: CheckReport): string {
  const { capture, tcpConversations, findings } = report
  // Where frames went is a matter of rows, which there are none of here.
  const { accounting, protocols, ...facts } = captureObject(capture)
  const captureText = jsonText({ ...facts, tcp_conversations: tcpConversations }, 2).replaceAll('\n', '\n  ')
  const lines = findings.map((finding) => `    ${jsonText(findingObject(finding, report))}`)
  return [
    '{',
    `  "schema_version": ${SCHEMA_VERSION},`,
    `  "worst": ${JSON.stringify(worstSeverity(findings))},`,
    `  "capture": ${captureText},`,
    `  "findings": ${lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`}`,
    '}\n',
  ].join('\n')
}

function findingObject(finding: Finding, report: CheckReport): Readonly<Record<string, unknown>> {
  const { kind, severity, count, of, unit, first, details } = finding
  const integer = (value: number | null) => (value === null ? null : exactInteger(value))
  return {
    kind,
    severity,
    ...wordsOf(finding, report),
    count: integer(count),
    of: integer(of),
    unit,
    first: first && { frame: first.frame, time_ns: first.timeNs === null ? null : String(first.timeNs) },
    details,
  }
}
