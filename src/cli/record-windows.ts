/** `live --record DIR`: the windows of a capture, or of a file, into a history. Loaded when that is asked for. */
import type { Analysis, AnalysisRecord, CaptureRecord } from '../engine/records.ts'
import { formatCount, formatShare } from '../loggers/units.ts'
import { Recorder, type RecorderOptions } from '../node/history/recorder.ts'
import { openFile } from '../node/open-source.ts'
import { packageVersion } from '../node/package-version.ts'
import type { ChosenSource } from './live-source.ts'
import { parseBytes } from './parse-bytes.ts'
import { parseDuration } from './parse-duration.ts'
import { parseFlag } from './parse-flag.ts'
import type { RecordFlags } from './record-flags.ts'
import { startStatusLine } from './status-line.ts'

export function openRecorder(
  flags: RecordFlags & { readonly record: string },
  analysis: Analysis,
  say: (sentence: string) => void,
): Promise<Recorder> {
  const options: RecorderOptions = {
    analysis,
    version: packageVersion(),
    keepNs: parseFlag('keep', flags.keep, parseDuration),
    maxBytes: parseFlag('max-size', flags['max-size'], parseBytes),
    now: () => BigInt(Date.now()) * 1_000_000n,
    say,
  }
  return Recorder.open(flags.record, options)
}

/** Nothing but recording, until the records end. Returns what was recorded, in a sentence. */
export async function recordOnly(
  records: AsyncIterable<AnalysisRecord>,
  recorder: Recorder,
  folder: string,
): Promise<string> {
  let frames = 0
  let capture: CaptureRecord | null = null
  const counts = () => `${formatCount(recorder.windows, 'window')}, ${formatCount(frames, 'frame')}, in ${folder}`
  const status = startStatusLine(counts)
  try {
    for await (const record of recorder.through(records)) {
      if (record.type === 'span') frames += record.total.packets
      if (record.type === 'capture') capture = record
    }
  } finally {
    status.stop()
  }
  const dropped = capture?.accounting.dropped ?? null
  const late = capture?.accounting.late.packets ?? 0
  const share = dropped === null || dropped === 0 ? '' : ` (${formatShare(dropped, frames + dropped)})`
  return [
    `recorded ${counts()}`,
    ...(late > 0 ? [`${formatCount(late, 'frame')} came too late for any window`] : []),
    dropped === null ? 'dropped: unknown' : `dropped: ${dropped}${share}`,
  ].join('; ')
}

/** A file as if it were captured: read at once, windows by the time of its frames. */
export async function fileSource(path: string): Promise<ChosenSource> {
  const source = await openFile(path)
  const stop = () => void source.close()
  const end = { exitCode: 0, signal: null, received: null, dropped: null, interfaces: [], message: null }
  return {
    live: { source, stop, kill: stop, end: Promise.resolve(end) },
    localClock: false,
    lagMs: FILE_LAG_MS,
    title: path,
    lookupsLeftOut: false,
  }
}

/** How far apart the times of neighbours in a file may be. */
const FILE_LAG_MS = 500
