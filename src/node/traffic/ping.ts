/** ICMP echo through the system's own `ping`, which may open the socket that we may not. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { type Family, frameBytes, ICMP_ECHO_HEADER_BYTES, LOOPBACK_ADDRESSES } from './loopback.ts'
import type { Span } from './span.ts'
import type { PingReport } from './stream-report.ts'

const INTERVAL_MS = 1000
/** What `ping` itself puts after the ICMP header by default. */
const PAYLOAD_BYTES = process.platform === 'win32' ? 32 : 56
/** From the request to stop to the one that cannot be refused. */
const FAREWELL_MS = 2000

/** The options that iputils, busybox, inetutils, the BSDs and macOS share; Windows has its own. */
export function pingCommand(platform: NodeJS.Platform, host: string, count: number): [command: string, args: string[]] {
  if (platform === 'win32') return ['ping', ['-n', `${count}`, '-l', `${PAYLOAD_BYTES}`, host]]
  // macOS has a program for each version of IP.
  const command = platform === 'darwin' && host.includes(':') ? 'ping6' : 'ping'
  return [command, ['-n', '-c', `${count}`, '-s', `${PAYLOAD_BYTES}`, host]]
}

/** From the summary that `ping` ends with; null when there is none. */
export function readPingSummary(output: string): { requests: number; replies: number } | null {
  const match =
    /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output) ??
    /Packets: Sent = (\d+), Received = (\d+)/.exec(output)
  return match === null ? null : { requests: Number(match[1]), replies: Number(match[2]) }
}

/** To the loopback address of a family. */
export async function pingLoopback(family: Family, span: Span): Promise<PingReport> {
  const report = await pingHost(LOOPBACK_ADDRESSES[family], span)
  const length = frameBytes(family, ICMP_ECHO_HEADER_BYTES + PAYLOAD_BYTES)
  const frames = report.requests + report.replies
  return { ...report, wire: { frames, bytes: frames * length } }
}

/** One request a second. A host that does not answer is no fault; one that cannot be asked is. */
export async function pingHost(host: string, span: Span): Promise<PingReport> {
  const [command, args] = pingCommand(process.platform, host, Math.max(1, Math.ceil(span.durationMs / INTERVAL_MS)))
  const { output, error } = await runUntil(span.stop, command, args)
  const summary = readPingSummary(output)
  const fault = summary === null ? (error ?? 'ping did not say how much it sent') : null
  return { kind: 'ping', dst: host, ...(summary ?? { requests: 0, replies: 0 }), wire: null, fault }
}

interface Run {
  readonly output: string
  /** The last line that it complained with, or why it could not be started. */
  readonly error: string | null
}

async function runUntil(stop: AbortSignal, command: string, args: readonly string[]): Promise<Run> {
  // English, because the summary is read.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
  let startError: string | null = null
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
    child.on('error', (error: NodeJS.ErrnoException) => {
      startError = error.code === 'ENOENT' ? `there is no ${command} command here` : error.message
      resolve()
    })
  })
  let killTimer: NodeJS.Timeout | undefined
  const interrupt = () => {
    child.kill('SIGINT')
    killTimer = setTimeout(() => child.kill('SIGKILL'), FAREWELL_MS)
  }
  const kill = () => child.kill('SIGKILL')
  if (stop.aborted) interrupt()
  else stop.addEventListener('abort', interrupt)
  // A second Ctrl-C leaves at once; the child must not stay.
  process.once('exit', kill)
  try {
    const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr), closed])
    return { output, error: startError ?? (complaints.trim().split('\n').at(-1) || null) }
  } finally {
    clearTimeout(killTimer)
    process.off('exit', kill)
    stop.removeEventListener('abort', interrupt)
  }
}
