/** The flags of `netkit log` and what they mean to the pipeline. */
import { Flags, type Interfaces } from '@oclif/core'
import { PACKET_FORMATS, type PacketFormatName, packetFormatFromPath } from '../loggers/packets/create-packet-format.ts'
import { isStdout } from '../node/output.ts'
import { packageVersion } from '../node/package-version.ts'
import type { LogOptions } from '../pipeline/log-frames.ts'
import { analyzeFlags } from './analyze-flags.ts'
import { anonymizeFlags } from './anonymize-flags.ts'
import { usageError } from './exit-codes.ts'
import { parseCount, parseFlag } from './parse-flag.ts'
import { parseRotation, type RotationPlan } from './parse-rotation.ts'
import { sourceFlags } from './source-flags.ts'
import { isTerminal } from './terminal.ts'

const OUTPUT = 'OUTPUT'

export const logFlags = {
  ...sourceFlags,
  read: analyzeFlags.read,
  salvage: analyzeFlags.salvage,

  format: Flags.option({ char: 'T', options: PACKET_FORMATS })({
    helpGroup: OUTPUT,
    summary:
      "Output format; pcapng is the frames themselves, parquet columns with types. Default: by the ending of -o's FILE, else text.",
  }),
  output: Flags.string({
    char: 'o',
    helpValue: 'FILE',
    helpGroup: OUTPUT,
    summary: 'Write to FILE in place of stdout. What is in it is overwritten, as tcpdump -w does (not with --rotate).',
  }),
  rotate: Flags.string({
    helpValue: 'size=100MB,time=1h,keep=24',
    helpGroup: OUTPUT,
    summary:
      'Go on in another file at a size, or every so much time of the capture; keep so many files. Any of the three. The newest is FILE, older ones are FILE with a number.',
    dependsOn: ['output'],
  }),
  'excel-safe': analyzeFlags['excel-safe'],
  quiet: Flags.boolean({ char: 'q', helpGroup: OUTPUT, summary: 'No word on stderr but errors.' }),
  ...anonymizeFlags,
}

export type LogFlags = Interfaces.InferredFlags<typeof logFlags>

export interface LogPlan
  extends Pick<
    LogOptions,
    'format' | 'limit' | 'snaplen' | 'salvage' | 'excelSafe' | 'forTerminal' | 'version' | 'anonymizer'
  > {
  readonly rotation: RotationPlan | undefined
}

export function logPlanOf(flags: LogFlags): LogPlan {
  const rotation = parseFlag('rotate', flags.rotate, parseRotation)
  if (rotation !== undefined && isStdout(flags.output)) throw usageError('--rotate: needs -o FILE')
  const format = formatOf(flags)
  if (rotation !== undefined && format === 'parquet') throw usageError('--rotate: a Parquet file is written as a whole')
  const snaplen = parseFlag('snaplen', flags.snaplen, (text) => parseCount(text, 0))
  return {
    format,
    ...(format === 'parquet' && { version: packageVersion() }),
    limit: parseFlag('count', flags.count, (text) => parseCount(text, 1)),
    salvage: flags.salvage,
    excelSafe: flags['excel-safe'],
    forTerminal: isTerminal(flags.output),
    // 0: everything, as in tcpdump.
    snaplen: snaplen === 0 ? undefined : snaplen,
    rotation,
  }
}

function formatOf({ format, output }: LogFlags): PacketFormatName {
  return format ?? (output === undefined ? 'text' : (packetFormatFromPath(output) ?? 'text'))
}
