/** TCP health: the flag of `netkit analyze`, what implies it, and the columns that it means. */
import { Flags } from '@oclif/core'
import { findMeasure } from '../engine/measures.ts'
import { TCP_COLUMNS, type TcpColumn, tcpColumns } from '../engine/tcp-columns.ts'
import type { FileFormat } from '../loggers/open-logger.ts'
import { usageError } from './exit-codes.ts'

export const tcpFlags = {
  tcp: Flags.boolean({
    helpGroup: 'WHAT TO COUNT',
    summary:
      'TCP health of each row, by conversation unless --by says otherwise: state, round-trip times, retransmissions, out-of-order, duplicate ACKs, lost segments, zero windows, resets, as Wireshark defines them. More columns in csv, tsv and json. One thread reads. The same without it: --sort retransmissions, and --assert of such a column.',
  }),
}

export interface TcpFlags {
  readonly by: string
  readonly sort: string
  readonly tcp: boolean
  readonly window?: string | undefined
  readonly assert?: string[] | undefined
}

/** `isByGiven`: somebody wrote --by, which is else what these columns are about. */
export function withTcp<F extends TcpFlags>(flags: F, isByGiven: boolean): F {
  const tcp = flags.tcp || isColumn(flags.sort) || metricsOf(flags).some(isColumn)
  return tcp ? { ...flags, tcp, by: isByGiven ? flags.by : 'conversation' } : flags
}

function isColumn(name: string): boolean {
  return findMeasure(TCP_COLUMNS, name) >= 0
}

/** Names behind the dots of budgets. */
function metricsOf({ assert = [] }: TcpFlags): string[] {
  return assert.flatMap((budget) => /\.([a-z0-9_]+)\s*[<>=!]/i.exec(budget)?.[1] ?? [])
}

/** None when nobody asked. */
export function tcpColumnsOf(flags: TcpFlags, format: FileFormat, windowNs: bigint | null): readonly TcpColumn[] {
  if (!flags.tcp) return []
  if (windowNs !== null) {
    throw usageError('--tcp: of the whole capture, not of windows; --since and --until choose a part of it')
  }
  return tcpColumns(format === 'text' || format === 'md', [flags.sort, ...metricsOf(flags)])
}
