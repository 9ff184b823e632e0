import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { usageError } from '../cli/exit-codes.ts'
import { reportFlags } from '../cli/report-flags.ts'
import { writeReport } from '../cli/write-report.ts'

export default class Report extends BaseCommand {
  static override summary = 'What is in a capture, as one HTML file to look at and to pass on.'

  static override description =
    `The file opens in any browser, offline, and asks for nothing from anywhere: rate over time, who talked to whom, protocols and
services, in tables that follow the time you choose, with their data inside. Inputs are those of analyze; they are read twice.

Exit codes: 0 ok, 1 runtime error, 2 usage, 5 not a readable capture, 6 damaged or cut capture (what was readable is shown).`

  static override examples = [
    {
      description: 'A page for the ticket',
      command: '<%= config.bin %> <%= command.id %> capture.pcap -o report.html',
    },
    {
      description: 'Since yesterday, of what live --record keeps',
      command: '<%= config.bin %> <%= command.id %> /var/lib/netkit --since yesterday -o day.html',
    },
    {
      description: 'With what is wrong with the capture, drawn by service',
      command: '<%= config.bin %> <%= command.id %> capture.pcap --check --by service -o report.html',
    },
  ]

  // Any number of FILEs.
  static override strict = false

  static override args = {
    file: Args.string({
      description: 'Captures: files, folders, globs, or - for stdin; or one history of live --record, or a day of it.',
    }),
  }

  static override flags = reportFlags

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Report)
    const names = [...(flags.read ?? []), ...(argv as string[])]
    if (names.length === 0) throw usageError('no FILE: name captures, folders or globs, or - for stdin')
    process.exitCode = await writeReport({
      args: process.argv.slice(process.argv.indexOf('report')),
      names,
      flags,
      complain: (sentence) => this.complain(sentence),
    })
  }
}
