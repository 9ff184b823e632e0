/** Interfaces → a running capture tool and its bytes, which are read like those of any capture. */
import type { Source } from '../capture/source.ts'
import { type CaptureCounts, parseCaptureCounts } from './capture-counts.ts'
import { CaptureError, lastWords, recognizeSaying } from './capture-errors.ts'
import {
  type CaptureTool,
  type CaptureToolName,
  chooseCaptureTool,
  type FoundTool,
  toolEnvironment,
} from './capture-tool.ts'
import { type ChildEnd, type LiveChild, startChild } from './live-child.ts'

export interface CaptureOptions {
  /** Names as the tool knows them. */
  readonly interfaces: readonly string[]
  /** Capture filter, pcap-filter(7). */
  readonly filter?: string | undefined
  /** Most bytes kept of a frame; without it, and with 0, all of them (262144). */
  readonly snaplen?: number | undefined
  /** True without it. */
  readonly promiscuous?: boolean | undefined
  /** Kernel buffer of each interface, 64 MiB without it: 2 MiB, the tools' own, lose frames from 100 k a second on. */
  readonly bufferMiB?: number | undefined
  readonly tool?: CaptureToolName | undefined
  /** Linux, as root: the network namespace (ip-netns(8)) to capture in. */
  readonly netns?: string | undefined
  /** Gives up while it has not started. */
  readonly signal?: AbortSignal | undefined
}

/** A source that ends when it is told to. */
export interface LiveSource {
  /** Closing it stops the capture too. */
  readonly source: Source
  /** Asks for the end; what is still on its way must be read to the end of the source. Twice is as once. */
  stop(): void
  /** Ends it at once; the last bytes and the counters are lost. */
  kill(): void
  /** Settles when all is over and the last byte has come. Never rejects. */
  readonly end: Promise<CaptureEnd>
}

export interface LiveCapture extends LiveSource {
  readonly tool: CaptureTool
  readonly pid: number
}

export interface CaptureEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Frames received and lost, all interfaces together; null when nobody counted. */
  readonly received: number | null
  readonly dropped: number | null
  /** The same of each, in the order in which they were asked for; empty when the tool only says the sum. */
  readonly interfaces: readonly CaptureCounts[]
  /** Why it ended, when it ended by itself and not well; one sentence. */
  readonly message: string | null
}

const READY_TIMEOUT_MS = 5000
const BUFFER_MIB = 64

/**
 * Captures until it is stopped. Resolves when the socket is open (the header of the capture has come): from then on nothing
 * is missed. Throws {@link CaptureError} when it cannot start.
 *
 * Frames come up to 250 ms late (tcpdump: at once), and those of the last 250 ms before `stop` are lost without being
 * counted: whoever wants them waits that long first.
 */
export async function startCapture(options: CaptureOptions): Promise<LiveCapture> {
  const tool = chooseCaptureTool(options.tool)
  // libpcap has nanoseconds on every Linux network device and elsewhere on few.
  const inNanoseconds = tool.name === 'tcpdump' && process.platform === 'linux'
  try {
    return await startTool(tool, options, inNanoseconds)
  } catch (error) {
    // nflog and nfqueue have microseconds.
    if (!inNanoseconds || !/time stamp precision/.test(String((error as CaptureError).said))) throw error
    return startTool(tool, options, false)
  }
}

async function startTool(tool: FoundTool, options: CaptureOptions, inNanoseconds: boolean): Promise<LiveCapture> {
  const command = [tool.path, ...captureArguments(tool.name, options, inNanoseconds)]
  if (options.netns !== undefined) command.unshift('ip', 'netns', 'exec', options.netns)
  const child = await startChild(
    {
      name: options.interfaces.join(', '),
      command: command[0]!,
      args: command.slice(1),
      env: toolEnvironment(),
      readyTimeoutMs: READY_TIMEOUT_MS,
      stopBy: 'signal',
      ownsHelpers: true,
      signal: options.signal,
    },
    (end) => startError(tool, options, end),
  )
  return liveCaptureOf(child, tool)
}

export function liveCaptureOf(child: LiveChild, { name, path }: CaptureTool): LiveCapture {
  const { source, pid, stop, kill } = child
  return { source, pid, stop, kill, tool: { name, path }, end: child.end.then((end) => captureEndOf(name, end)) }
}

function captureEndOf(name: CaptureTool['name'], { exitCode, signal, stderr, stopped }: ChildEnd): CaptureEnd {
  const message = stopped ? null : (recognizeSaying(stderr)?.message ?? plainReason(name, exitCode, signal, stderr))
  return { exitCode, signal, ...parseCaptureCounts(stderr), message }
}

/** What can be said of an end that no known words explain; null for a good one. */
export function plainReason(
  name: string,
  exitCode: number | null,
  signal: NodeJS.Signals | null,
  stderr: string,
): string | null {
  if (signal !== null) return `${name} was killed (${signal})`
  if (exitCode === 0) return null
  const said = lastWords(stderr)
  return said === null ? `${name} ended with exit code ${exitCode}` : `${name}: ${said}`
}

function startError(tool: FoundTool, { interfaces, filter }: CaptureOptions, end: ChildEnd): CaptureError {
  const known = recognizeSaying(end.stderr)
  if (known === null) {
    const reason = plainReason(tool.name, end.exitCode, end.signal, end.stderr) ?? `${tool.name} ended at once`
    return new CaptureError('tool-failed', reason, interfaces[0])
  }
  // tcpdump does not repeat the filter.
  if (known.kind === 'bad-filter' && filter !== undefined && !known.message.includes(filter)) {
    const message = known.message.replace('capture filter', () => `capture filter '${filter}'`)
    return new CaptureError('bad-filter', message, filter, known.said)
  }
  return known
}

/**
 * The command line, without the program. Options that stand before the first interface hold for all of them.
 *
 * Several interfaces: one dumpcap, with its queue widened from 1000 frames to 200 000 and 100 MB. With the queue as it is it
 * loses 15 % at 5 k frames a second next to a quiet interface, because that one's 250 ms pass in silence; widened nothing was
 * lost at 150 k. Frames of different interfaces are up to 250 ms out of order. `-i any` loses nothing either, but its frames
 * have a pseudo header in place of the Ethernet header (6 bytes more each), no MAC of the receiver, no drops an interface.
 */
export function captureArguments(name: CaptureToolName, options: CaptureOptions, inNanoseconds = false): string[] {
  const { interfaces, filter, snaplen, promiscuous = true, bufferMiB = BUFFER_MIB } = options
  if (interfaces.length > 1 && name !== 'dumpcap') {
    throw new CaptureError(
      'not-supported',
      `several interfaces at once need dumpcap: ${name} ${name === 'tshark' ? 'loses frames of them' : 'takes one only'}`,
    )
  }
  const args: string[] = []
  if (name === 'tcpdump') {
    // Without -U the header itself waits for 4 KiB; without --immediate-mode frames come a second late.
    args.push('-U', '--immediate-mode', '-B', String(bufferMiB * 1024))
    if (inNanoseconds) args.push('--nano')
  } else {
    if (name === 'dumpcap') args.push('-q')
    if (interfaces.length > 1) args.push('-N', '200000', '-C', '100000000')
    args.push('-B', String(bufferMiB))
    if (filter !== undefined) args.push('-f', filter)
  }
  if (snaplen !== undefined) args.push('-s', String(snaplen))
  if (!promiscuous) args.push('-p')
  for (const name of interfaces) args.push('-i', name)
  args.push('-w', '-')
  if (name === 'tcpdump' && filter !== undefined) args.push('--', filter)
  return args
}
