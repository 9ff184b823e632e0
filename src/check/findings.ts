/** What was counted → findings, each with its severity. The bounds between note and warning stand here and nowhere else. */
import type { CaptureRecord } from '../engine/records.ts'
import type { CaptureCheck } from './capture-check.ts'
import { compareSeverities, type Finding, type FindingKind, type Place, type Severity } from './finding.ts'
import type { Sightings } from './sightings.ts'

/** Shares from which on numbers are off by more than a reader would forgive. */
const DUPLICATES_WARN = 0.01
const ONE_WAY_WARN = 0.1
/** Reordering on the way into the capture looks like loss now and then. */
const LOST_WARN = 0.001
const MALFORMED_WARN = 0.001

/** Times that are out of order by less come from queues of network cards, by more from a clock that was set. */
const STEP_BACK_WARN_NS = 1e9
/** No network is silent for a day without a reason that should be known. */
const GAP_WARN_NS = 86_400e9

/** The worst first. `file` by itself: the place of its damage is behind the last frame. */
export function findingsOf(check: CaptureCheck, capture: CaptureRecord): Finding[] {
  const findings = [
    ...unreadable(check, capture),
    ...dropped(capture),
    ...ofTcp(check),
    ...ofFrames(check),
    ...ofTimes(check),
  ]
  return findings.sort((a, b) => compareSeverities(a.severity, b.severity))
}

function* unreadable({ frames, last }: CaptureCheck, capture: CaptureRecord): Generator<Finding> {
  const { files, damage, accounting, salvage } = capture
  const isAlone = files.length === 1
  for (const { file, kind, message } of damage) {
    const isPlaced = isAlone && file === files[0]
    const bytes = isPlaced && damage.length === 1 ? { unreadable_bytes: accounting.unreadableBytes } : {}
    // What was passed over has places of its own.
    const first = isPlaced && salvage === null ? last : null
    yield finding('unreadable', 'error', { first, details: { file, kind, message, ...bytes } })
  }
  if (frames === 0) yield finding('no-frames', 'warning')
}

/** Drops are never a part of `frames`. */
function* dropped({ interfaces, frames }: CaptureRecord): Generator<Finding> {
  const counts = interfaces.map((one) => one.dropped).filter((count) => count !== null)
  const count = counts.reduce((sum, one) => sum + one, 0)
  if (count > 0) yield finding('drops', 'warning', { count, of: frames + count, unit: 'frame' })
  // No interface at all: there was no frame either.
  else if (counts.length < interfaces.length) yield finding('drops-unknown', 'info')
}

function* ofTcp({ tcp }: CaptureCheck): Generator<Finding> {
  const { size, segments, segmentsBeyond, lost, lostBytes } = tcp
  if (lost.count > 0) {
    const severity = share(lost.count, segments) >= LOST_WARN ? 'warning' : 'info'
    yield counted('lost-segments', severity, lost, segments, 'TCP segment', { bytes: lostBytes })
  }
  const oneWay = tcp.oneWay()
  if (oneWay.count > 0) {
    const severity = share(oneWay.count, size) >= ONE_WAY_WARN ? 'warning' : 'info'
    yield counted('one-way', severity, oneWay, size, 'TCP conversation')
  }
  const withoutHandshake = tcp.withoutHandshake()
  if (withoutHandshake.count > 0) yield counted('no-handshake', 'info', withoutHandshake, size, 'TCP conversation')
  if (segmentsBeyond > 0) {
    const details = { conversations: size }
    yield finding('conversation-limit', 'info', { count: segmentsBeyond, of: segments, unit: 'TCP segment', details })
  }
}

function* ofFrames(check: CaptureCheck): Generator<Finding> {
  const { frames, lengths, duplicates, headersCut, malformed, unknownLink, undecoded, untimed } = check
  const ofAll = (kind: FindingKind, severity: Severity, seen: Sightings, details: Finding['details'] = {}) =>
    seen.count === 0 ? [] : [counted(kind, severity, seen, frames, 'frame', details)]

  const copies = share(duplicates.seen.count, frames) >= DUPLICATES_WARN ? 'warning' : 'info'
  yield* ofAll('duplicates', copies, duplicates.seen, { bytes: duplicates.bytes })
  const { largest, packetsMissing, cutBytes } = lengths
  yield* ofAll('oversized', 'warning', lengths.oversized, { largest, packets_missing: packetsMissing })
  yield* ofAll('headers-cut', 'warning', headersCut)
  yield* ofAll('snaplen', 'info', lengths.cut, { bytes: cutBytes })
  yield* ofAll('lengths', 'warning', lengths.contradictory)
  yield* ofAll('malformed', share(malformed.count, frames) >= MALFORMED_WARN ? 'warning' : 'info', malformed)
  yield* ofAll('unknown-link', 'warning', unknownLink)
  yield* ofAll('undecoded', 'info', undecoded)
  yield* ofAll('untimed', 'warning', untimed)
}

function* ofTimes({ frames, times }: CaptureCheck): Generator<Finding> {
  const { backwards, largestStepBackNs, gaps, largestGapNs, largestGap } = times
  if (backwards.count > 0) {
    const severity = largestStepBackNs >= STEP_BACK_WARN_NS ? 'warning' : 'info'
    yield counted('time-backwards', severity, backwards, frames, 'frame', { largest_ns: largestStepBackNs })
  }
  if (gaps.count > 0) {
    const details = { largest_ns: largestGapNs, gaps: gaps.count }
    yield finding('time-gap', largestGapNs >= GAP_WARN_NS ? 'warning' : 'info', { first: largestGap, details })
  }
}

function counted(
  kind: FindingKind,
  severity: Severity,
  { count, first }: { readonly count: number; readonly first: Place | null },
  of: number,
  unit: Finding['unit'],
  details: Finding['details'] = {},
): Finding {
  return { kind, severity, count, of, unit, first, details }
}

function finding(kind: FindingKind, severity: Severity, more: Partial<Finding> = {}): Finding {
  return { kind, severity, count: null, of: null, unit: null, first: null, details: {}, ...more }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
