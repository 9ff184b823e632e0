/** Where a live command's bytes come from, as its flags say. */
import { type LiveSource, startCapture } from '../node/capture-child.ts'
import { CaptureError } from '../node/capture-errors.ts'
import { runCommandSource, startSshCapture } from '../node/command-source.ts'
import { followFile } from '../node/follow-file.ts'
import { defaultInterface } from '../node/interfaces.ts'
import { withoutLookups } from '../node/lookup-filter.ts'
import { openReadable } from '../node/open-source.ts'
import { usageError } from './exit-codes.ts'
import { interfaceName } from './interface-name.ts'
import { parseCount, parseFlag } from './parse-flag.ts'

export interface SourceFlags {
  readonly interface?: readonly string[] | undefined
  readonly filter?: string | undefined
  readonly snaplen?: string | undefined
  readonly ssh?: string | undefined
  readonly cmd?: string | undefined
  readonly follow?: string | undefined
}

export interface ChosenSource {
  readonly live: LiveSource
  /** Frames are stamped by this machine's clock. */
  readonly localClock: boolean
  /** How long after its end a window may still get frames. */
  readonly lagMs: number
  /** What is read, for people. */
  readonly title: string
  /** The frames of our own lookups are not in it. */
  readonly lookupsLeftOut: boolean
}

/**
 * dumpcap and tshark hand frames on after 250 ms at the most, tcpdump at once; a follower looks ten times a second; what comes
 * over a network may take its time.
 */
const CAPTURE_LAG_MS = 300
const REMOTE_LAG_MS = 500
/** How long after a stop the writer of stdin may take to end. dumpcap needs 30 ms, a tshark that was killed 460. */
const LAST_WORDS_MS = 1000

/** True when the capture is started by netkit, here or by ssh, so that a filter can keep something out of it. */
export function isOwnCapture({ ssh, cmd, follow, interface: interfaces = [] }: SourceFlags, names: readonly string[]) {
  return ssh !== undefined || (cmd === undefined && follow === undefined && [...interfaces, ...names][0] !== '-')
}

/**
 * `names`: interfaces that were given as arguments, by name or number, `-` for stdin. `lookups`: a capture filter for the frames of our own
 * lookups; null when there will be none.
 */
export async function chooseSource(
  flags: SourceFlags,
  names: readonly string[],
  signal: AbortSignal,
  lookups: string | null = null,
): Promise<ChosenSource> {
  const interfaces = [...(flags.interface ?? []), ...names]
  const kinds = [flags.cmd, flags.follow, interfaces[0] === '-' ? '-' : undefined].filter((kind) => kind !== undefined)
  if (kinds.length > 1) throw usageError('one source at a time: an interface, -, --ssh, --cmd or --follow')
  const snaplen = parseFlag('snaplen', flags.snaplen, (text) => parseCount(text, 0))
  const { filter } = flags

  if (flags.ssh !== undefined) {
    const host = flags.ssh
    // That machine may be the one that the lookups pass through.
    const started = await startWithout(lookups, filter, (filter) =>
      startSshCapture({ host, interface: interfaces[0], filter, snaplen, signal }),
    )
    return { ...started, localClock: false, lagMs: REMOTE_LAG_MS, title: host }
  }
  const others = { localClock: false, lagMs: REMOTE_LAG_MS, lookupsLeftOut: false }
  if (flags.cmd !== undefined)
    return { ...others, live: await runCommandSource(flags.cmd, { signal }), title: flags.cmd }
  if (flags.follow !== undefined) return { ...others, live: await followFile(flags.follow), title: flags.follow }
  if (interfaces[0] === '-') return { ...others, live: stdinSource(), title: 'stdin' }

  const chosen = interfaces.length > 0 ? await namesOf(interfaces) : [await ownInterface()]
  const started = await startWithout(lookups, filter, (filter) =>
    startCapture({ interfaces: chosen, filter, snaplen, signal }),
  )
  return { ...started, localClock: true, lagMs: CAPTURE_LAG_MS, title: chosen.join(', ') }
}

/**
 * A capture without what `lookups` matches. When it is refused because of its filter, it is tried with the user's part alone:
 * that one is wrong, and the tool says so of the user's own words, or the link type has no ports that a filter could name.
 */
async function startWithout(
  lookups: string | null,
  filter: string | undefined,
  start: (filter: string | undefined) => Promise<LiveSource>,
): Promise<Pick<ChosenSource, 'live' | 'lookupsLeftOut'>> {
  if (lookups === null) return { live: await start(filter), lookupsLeftOut: false }
  try {
    return { live: await start(withoutLookups(lookups, filter)), lookupsLeftOut: true }
  } catch (error) {
    // tcpdump's words on a link type are not known as those of a filter.
    if (!(error instanceof CaptureError) || !['bad-filter', 'tool-failed'].includes(error.kind)) throw error
    return { live: await start(filter), lookupsLeftOut: false }
  }
}

/** Each once: a tool that is told twice captures every frame twice. */
async function namesOf(interfaces: readonly string[]): Promise<string[]> {
  return [...new Set(await Promise.all(interfaces.map(interfaceName)))]
}

async function ownInterface(): Promise<string> {
  const name = await defaultInterface()
  if (name === null)
    throw usageError('no default route to take the interface of: name one (netkit interfaces lists them)')
  return name
}

/**
 * Ctrl-C reaches whoever writes into the pipe too: what that one still says, its drops among it, is waited for.
 */
function stdinSource(): LiveSource {
  const source = openReadable(process.stdin, 'stdin')
  const kill = () => void source.close()
  return {
    source,
    stop: () => void setTimeout(kill, LAST_WORDS_MS).unref(),
    kill,
    end: Promise.resolve({ exitCode: 0, signal: null, received: null, dropped: null, interfaces: [], message: null }),
  }
}
