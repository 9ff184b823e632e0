import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { formatAdvice } from '../cli/capture-advice.ts'
import { type Examination, examine, type Finding } from '../cli/examine.ts'
import { EXIT_CANNOT_CAPTURE, EXIT_OK } from '../cli/exit-codes.ts'
import { terminalStyle } from '../cli/terminal.ts'
import { columnLines } from '../loggers/columns.ts'
import { jsonText } from '../loggers/json-text.ts'
import { printable } from '../loggers/printable.ts'
import { openOutput } from '../node/output.ts'

const MARKS = { ok: 'ok', note: '-', wrong: 'FAIL' }

export default class Doctor extends BaseCommand {
  static override summary = 'Can this machine capture? What is missing, and the commands that mend it.'

  static override description =
    `Looks for dumpcap, tshark and tcpdump, and opens each interface for a moment as a capture would.
Changes nothing.

Exit codes: 0 a capture can start on at least one interface, 4 on none.`

  static override flags = {
    format: Flags.option({ char: 'T', options: ['text', 'json'] as const })({
      default: 'text',
      summary: 'Output format.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Doctor)
    const examination = await examine()
    const output = await openOutput(undefined, [])
    await output.write(flags.format === 'json' ? `${jsonText(examination, 2)}\n` : textOf(examination))
    await output.finish()
    process.exitCode = examination.able ? EXIT_OK : EXIT_CANNOT_CAPTURE
  }
}

function textOf({ able, findings }: Examination): string {
  const { bold } = terminalStyle(undefined)
  const rows = findings.map(({ result, about, name, detail }) => [
    MARKS[result],
    about,
    printable(name),
    printable(detail),
  ])
  const lines = columnLines(rows).flatMap((line, index) => {
    const finding = findings[index]!
    return [finding.result === 'wrong' ? bold(line) : line, ...adviceLines(finding)]
  })
  const verdict = able ? 'This machine can capture.' : 'This machine cannot capture yet.'
  return [...lines, '', bold(verdict)].map((line) => `${line}\n`).join('')
}

function adviceLines({ advice }: Finding): string[] {
  return advice.map((one) => `      ${printable(formatAdvice(one))}`)
}
