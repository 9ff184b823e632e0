/** What checkCapture finds in captures, in this process. */
import type { CheckReport, Finding, FindingKind } from '../../src/check/finding.ts'
import { findInputs } from '../../src/node/inputs.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type CheckCaptureOptions, checkCapture } from '../../src/pipeline/check-capture.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import type { Input } from '../../src/pipeline/inputs.ts'
import { type PcapRecord, pcap } from '../support/build-capture.ts'
import { memorySource } from '../support/read-capture.ts'

export interface Checked {
  readonly report: CheckReport | null
  readonly problems: readonly InputProblem[]
  /** The finding of a kind; undefined without one. */
  of(kind: FindingKind): Finding | undefined
  /** `kind severity count/of` of each, in their order; what is unknown of every pcap is left out. */
  readonly summary: readonly string[]
}

/** `captures`: paths, or bytes. */
export async function checkCaptures(
  captures: readonly (string | Uint8Array)[],
  options: CheckCaptureOptions = {},
): Promise<Checked> {
  const inputs = await Promise.all(captures.map(inputOf))
  const problems: InputProblem[] = []
  const report = await checkCapture(loadCaptureModule(), inputs, options, problems)
  const findings = report?.findings ?? []
  return {
    report,
    problems,
    of: (kind) => findings.find((finding) => finding.kind === kind),
    summary: findings
      .filter(({ kind }) => kind !== 'drops-unknown')
      .map(({ kind, severity, count, of }) => `${kind} ${severity}${count === null ? '' : ` ${count}/${of}`}`),
  }
}

async function inputOf(capture: string | Uint8Array, index: number): Promise<Input> {
  if (typeof capture === 'string') return (await findInputs([capture]))[0]!
  const open = async () => memorySource(capture, () => 4096)
  return { name: `capture ${index}`, repeatable: true, size: capture.length, open }
}

export interface TimedFrame {
  readonly data: Uint8Array
  /** Microseconds after 2023-11-14 22:13:20 UTC. */
  readonly us?: number
  readonly origlen?: number
}

const START_SECONDS = 1_700_000_000

/** A pcap of frames at their times, a second apart unless they have one. */
export function timed(frames: readonly (TimedFrame | Uint8Array)[], linktype = 1): Buffer {
  const records = frames.map((frame, i): PcapRecord => {
    const { data, us = i * 1e6, origlen = data.length } = frame instanceof Uint8Array ? { data: frame } : frame
    return { seconds: START_SECONDS + Math.floor(us / 1e6), fraction: us - Math.floor(us / 1e6) * 1e6, data, origlen }
  })
  return pcap(records, { linktype })
}

/** Nanoseconds since 1970. */
export function timeNs(us: number): bigint {
  return (BigInt(START_SECONDS) * 1_000_000n + BigInt(us)) * 1000n
}
