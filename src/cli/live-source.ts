/** Where a live command's bytes come from, as its flags say. */

import { type LiveSource, startCapture } from '../node/capture-child.ts'
import { runCommandSource, startSshCapture } from '../node/command-source.ts'
import { followFile } from '../node/follow-file.ts'
import { defaultInterface } from '../node/interfaces.ts'
import { openReadable } from '../node/open-source.ts'
import { usageError } from './exit-codes.ts'
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
}

/**
 * dumpcap and tshark hand frames on after 250 ms at the most, tcpdump at once; a follower looks ten times a second; what comes
 * over a network may take its time.
 */
const CAPTURE_LAG_MS = 300
const REMOTE_LAG_MS = 500

/** `names`: interfaces that were given as arguments, `-` for stdin. */
export async function chooseSource(
  flags: SourceFlags,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ChosenSource> {
  const interfaces = [...(flags.interface ?? []), ...names]
  const kinds = [flags.cmd, flags.follow, interfaces[0] === '-' ? '-' : undefined].filter((kind) => kind !== undefined)
  if (kinds.length > 1) throw usageError('one source at a time: an interface, -, --ssh, --cmd or --follow')
  const snaplen = parseFlag('snaplen', flags.snaplen, (text) => parseCount(text, 0))
  const { filter } = flags

  if (flags.ssh !== undefined) {
    const live = await startSshCapture({ host: flags.ssh, interface: interfaces[0], filter, snaplen, signal })
    return { live, localClock: false, lagMs: REMOTE_LAG_MS, title: flags.ssh }
  }
  if (kinds.length > 0 && filter !== undefined) throw usageError('--filter: only where netkit itself captures')
  if (flags.cmd !== undefined) {
    return {
      live: await runCommandSource(flags.cmd, { signal }),
      localClock: false,
      lagMs: REMOTE_LAG_MS,
      title: flags.cmd,
    }
  }
  if (flags.follow !== undefined) {
    return { live: await followFile(flags.follow), localClock: false, lagMs: REMOTE_LAG_MS, title: flags.follow }
  }
  if (interfaces[0] === '-') return { live: stdinSource(), localClock: false, lagMs: REMOTE_LAG_MS, title: 'stdin' }

  const chosen = interfaces.length > 0 ? interfaces : [await ownInterface()]
  const live = await startCapture({ interfaces: chosen, filter, snaplen, signal })
  return { live, localClock: true, lagMs: CAPTURE_LAG_MS, title: chosen.join(', ') }
}

async function ownInterface(): Promise<string> {
  const name = await defaultInterface()
  if (name === null)
    throw usageError('no default route to take the interface of: name one (netkit interfaces lists them)')
  return name
}

function stdinSource(): LiveSource {
  const source = openReadable(process.stdin, 'stdin')
  const stop = () => void source.close()
  return {
    source,
    stop,
    kill: stop,
    end: Promise.resolve({ exitCode: 0, signal: null, received: null, dropped: null, message: null }),
  }
}
