/** `netkit analyze --format html`: what its flags mean to a report, which has all rates over time, and the same tables whatever is asked. */
import { usageError } from './exit-codes.ts'
import { type ReportFlags, reportFlags } from './report-flags.ts'
import { writeReport } from './write-report.ts'

export interface ParsedFlags {
  readonly flags: Readonly<Record<string, unknown>>
  /** Which of them nobody wrote. */
  readonly isDefault: (name: string) => boolean
}

/** Those of analyze whose defaults are for rows of text. */
const OWN_DEFAULTS = ['top', 'units'] as const

/** Returns the exit code. `args` are the command line behind `netkit`. */
export function reportOf(
  parsed: ParsedFlags,
  args: readonly string[],
  names: readonly string[],
  complain: (sentence: string) => void,
): Promise<number> {
  return writeReport({ args, names, flags: reportFlagsFrom(parsed), complain })
}

function reportFlagsFrom({ flags, isDefault }: ParsedFlags): ReportFlags {
  for (const [name, value] of Object.entries(flags)) {
    if (name === 'format' || Object.hasOwn(reportFlags, name) || value === undefined || isDefault(name)) continue
    throw usageError(`--${name}: not with --format html; what a report takes: netkit report --help`)
  }
  if (flags.sort !== 'bytes' && flags.sort !== 'packets') {
    throw usageError('--sort: bytes or packets with --format html; the page sorts by any column')
  }
  const taken = Object.entries(flags).filter(([name]) => Object.hasOwn(reportFlags, name))
  const defaults = OWN_DEFAULTS.filter(isDefault).map((name) => [name, reportFlags[name].default])
  return { check: false, ...Object.fromEntries(taken), ...Object.fromEntries(defaults) } as unknown as ReportFlags
}
