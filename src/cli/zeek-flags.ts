/** What `--format zeek` means for all other flags: a line is a conversation, and has what conn.log has. */
import type { FileFormat } from '../loggers/open-logger.ts'
import { usageError } from './exit-codes.ts'

interface Flags {
  readonly by: string
  readonly bytes: string
  readonly sort: string
  readonly window?: string | undefined
  readonly services?: boolean | undefined
  readonly vendors: boolean
  readonly resolve?: boolean
  readonly geoip?: readonly string[] | undefined
}

/** The flags as they were given, for any other format. */
export function flagsForFormat<F extends Flags>(flags: F, format: FileFormat): F {
  if (format !== 'zeek') return flags
  const refuse = (flag: string, reason: string) => usageError(`--${flag}: not with --format zeek, ${reason}`)
  if (flags.by !== 'pair' && flags.by !== 'conversation') throw refuse('by', 'whose lines are conversations')
  if (flags.window !== undefined) throw refuse('window', 'whose lines are of the whole capture')
  if (flags.bytes !== 'frame') throw refuse('bytes', 'which has those of payload and of IP')
  for (const name of ['services', 'vendors', 'geoip', 'resolve'] as const) {
    if (flags[name]) throw refuse(name, 'which has no column for it')
  }
  return {
    ...flags,
    by: 'conversation',
    bytes: 'payload',
    times: true,
    tcp: true,
    'community-id': true,
    // Names have no column: payload need not be read for them.
    numeric: true,
    sort: flags.sort === 'bytes' ? 'first_seen_ns' : flags.sort,
  }
}
