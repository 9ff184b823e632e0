/** The flags of `netkit live` that keep a history, as help and parsing need them. What they do is in record-windows.ts. */
import { Flags } from '@oclif/core'

const RECORD = 'HISTORY'

export const recordFlags = {
  record: Flags.string({
    helpValue: 'DIR',
    helpGroup: RECORD,
    summary:
      'Keep the windows (10 seconds unless -w says otherwise, all rows unless --top) in DIR as Parquet, a file an hour. Rows are printed too when -T or -o asks for them.',
    exclusive: ['detailed', 'web', 'speed'],
  }),
  keep: Flags.string({
    helpValue: '30d',
    helpGroup: RECORD,
    summary: 'Remove hours from DIR that are older than this.',
    dependsOn: ['record'],
  }),
  'max-size': Flags.string({
    helpValue: '10GB',
    helpGroup: RECORD,
    summary: 'Remove the oldest hours from DIR when all of it is larger than this.',
    dependsOn: ['record'],
  }),
}

export interface RecordFlags {
  readonly record?: string | undefined
  readonly keep?: string | undefined
  readonly 'max-size'?: string | undefined
}
