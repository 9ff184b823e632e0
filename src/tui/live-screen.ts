/** The full screen of `netkit live`, on a running capture or on a recording. Loaded only when there is a terminal for it. */
import { networkInterfaces } from 'node:os'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { BackgroundNames } from '../cli/background-names.ts'
import { usageError } from '../cli/exit-codes.ts'
import type { Hiding } from '../cli/hiding.ts'
import type { LiveView } from '../cli/live-flags.ts'
import type { ChosenSource } from '../cli/live-source.ts'
import type { LiveMetrics } from '../cli/metrics-flags.ts'
import { printable } from '../loggers/printable.ts'
import { formatBytes, formatCount, type Units } from '../loggers/units.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import type { NameBook } from '../names/name-book.ts'
import type { CaptureEnd } from '../node/capture-child.ts'
import { findInputs } from '../node/inputs.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { LiveSession, type LiveSessionOptions } from '../pipeline/live-session.ts'
import { runScreen } from './run-screen.ts'

const LOOPBACK = /^lo\d*$/

/** What runs beside the screen. */
interface Beside {
  readonly lookups: BackgroundNames | null
  readonly metrics: LiveMetrics | null
}

/** Which names are shown. */
interface ShownNames {
  readonly book: NameBook | undefined
  /** Of --anonymize; null: addresses are those that they are. */
  readonly hiding: Hiding | null
}

/** How it went, for whoever has the exit code. */
export interface ShownEnd {
  readonly problems: readonly InputProblem[]
  /** Why the capture ended by itself and not well; one sentence. */
  readonly message: string | null
}

/** Shows a running capture until the user quits; then stops it and says what it came to. */
export async function showCapture(
  { live, title, localClock, lagMs }: ChosenSource,
  view: LiveView,
  units: Units,
  signal: AbortSignal,
  { book, hiding, lookups, metrics }: ShownNames & Beside,
): Promise<ShownEnd> {
  const shownTitle = hiding === null ? title : hiding.anonymizer.interfaceName(title)
  let end: CaptureEnd | null = null
  void live.end.then((said) => {
    end = said
  })
  const session = createSession(live.source, view, hiding, {
    book,
    localClock,
    lagMs,
    dropped: () => (end === null ? undefined : end.dropped),
    onClosed: metrics?.onClosed,
    // On loopback every frame comes in and goes out.
    localAddresses: localClock && !LOOPBACK.test(title) ? ownAddresses(hiding) : undefined,
  })
  try {
    const ending = () => end?.message ?? null
    await runScreen(session, { ...screenOf(shownTitle, units, signal), hostNames: lookups?.names, ending })
  } finally {
    live.stop()
    await live.end
    // The last bytes, the capture's own counters among them, are still on their way through the parser.
    await session.drained()
    const { frames, bytes, dropped } = session.status()
    await session.close()
    const drops = dropped === null ? 'drops not told' : `drops ${dropped}`
    process.stdout.write(`${printable(shownTitle)}: ${formatCount(frames, 'frame')}, ${formatBytes(bytes)}, ${drops}\n`)
  }
  return { problems: problemsOf(session), message: (await live.end).message }
}

/** Plays a recording until the user quits. */
export async function showRecording(
  name: string,
  speed: number,
  view: LiveView,
  units: Units,
  signal: AbortSignal,
  { book, hiding }: ShownNames,
): Promise<ShownEnd> {
  const inputs = await findInputs([name])
  const [input] = inputs
  if (input === undefined || inputs.length > 1) throw usageError('--read: one file at a time can be played')
  if (!input.repeatable) throw usageError('--read: only a file can be played; netkit live - shows a stream')
  const session = createSession(input, view, hiding, { book, localClock: false, lagMs: 0, replay: { speed } })
  try {
    await runScreen(session, screenOf(hiding === null ? basename(name) : 'file 1', units, signal))
  } finally {
    await session.close()
  }
  return { problems: problemsOf(session), message: null }
}

function problemsOf({ problem }: LiveSession): InputProblem[] {
  return problem === null ? [] : [problem]
}

type Source = ConstructorParameters<typeof LiveSession>[1]
type Differences = Pick<
  LiveSessionOptions,
  'onClosed' | 'book' | 'localClock' | 'lagMs' | 'dropped' | 'localAddresses' | 'replay'
>

function createSession(source: Source, view: LiveView, hiding: Hiding | null, differences: Differences): LiveSession {
  const real = createEndpointNamer({ book: differences.book })
  const session = new LiveSession(loadCaptureModule(), source, {
    ...differences,
    names: hiding === null ? real : hiding.names(real),
    basis: view.basis ?? 'frame',
    inner: view.inner ?? false,
    filter: view.filter,
    limit: view.limit,
    now: () => BigInt(Date.now()) * 1_000_000n,
    pause,
  })
  session.setView({
    grouping: view.grouping,
    windowNs: view.windowNs,
    sort: view.sort === 'packets' ? 'packets' : 'rate',
  })
  return session
}

function screenOf(title: string, units: Units, signal: AbortSignal) {
  const { stdin, stdout } = process
  return { title, units, stdin, stdout, signal }
}

/** As they are shown. */
function ownAddresses(hiding: Hiding | null): ReadonlySet<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return new Set(addresses.map(({ address }) => (hiding === null ? address : hiding.address(address))))
}
