/** A command that writes a capture to its stdout, here or on another machine by ssh → the same as a capture of our own. */
import { type LiveCapture, liveCaptureOf, plainReason } from './capture-child.ts'
import { CaptureError, recognizeSaying } from './capture-errors.ts'
import { type ChildEnd, startChild } from './live-child.ts'

export interface CommandOptions {
  /** Gives up while it has not started. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs a line of the user's shell. Resolves with its first bytes, whenever they come: it may ask for a password first, and
 * its output may be buffered. Its end is the end of the capture. Throws {@link CaptureError} when it ends without a byte.
 */
export async function runCommandSource(command: string, options: CommandOptions = {}): Promise<LiveCapture> {
  const windows = process.platform === 'win32'
  const shell = windows ? (process.env.ComSpec ?? 'cmd.exe') : '/bin/sh'
  const child = await startChild(
    {
      name: command,
      command: shell,
      args: [windows ? '/c' : '-c', command],
      env: process.env,
      readyTimeoutMs: null,
      stopBy: 'signal-tree',
      ownsHelpers: false,
      signal: options.signal,
    },
    (end) => endWithoutBytes('the command', end),
  )
  return liveCaptureOf(child, { name: 'command', path: shell })
}

export interface SshOptions extends CommandOptions {
  /** Name for ssh(1): an entry of its configuration, `user@host`. */
  readonly host: string
  /** Of the other machine; without it tcpdump takes the first one that is up. */
  readonly interface?: string | undefined
  readonly filter?: string | undefined
  readonly snaplen?: number | undefined
  /** More arguments of ssh, before the host: `-p 2222`. */
  readonly sshArguments?: readonly string[] | undefined
}

/** Captures on another machine with its tcpdump. The session's own frames are left out: each would cause the next. */
export async function startSshCapture(options: SshOptions): Promise<LiveCapture> {
  const { host, sshArguments = [] } = options
  const child = await startChild(
    {
      name: host,
      command: 'ssh',
      // No terminal: it would turn bytes and mix in stderr. A dead link is noticed in 45 s.
      args: ['-T', '-o', 'ServerAliveInterval=15', ...sshArguments, '--', host, remoteCommand(options)],
      env: process.env,
      readyTimeoutMs: null,
      stopBy: 'end-of-input',
      ownsHelpers: false,
      signal: options.signal,
    },
    (end) => sshError(host, end),
  )
  return liveCaptureOf(child, { name: 'ssh', path: 'ssh' })
}

/**
 * Run by any login shell. When the connection ends, so does stdin, and `cat` with it: without that, tcpdump would stay until
 * its next frame. What it says at its end (the drops) still comes back when it is stopped that way.
 *
 * sshd tells the connection's addresses and ports; only that one is left out, and port 22 where it does not.
 */
export function remoteCommand({ interface: name, filter, snaplen }: SshOptions): string {
  const tcpdump = ['tcpdump', '-U', '--immediate-mode', '-w', '-']
  if (name !== undefined) tcpdump.push('-i', name)
  if (snaplen !== undefined) tcpdump.push('-s', String(snaplen))
  const filterText = filter === undefined ? '' : quote(` and (${filter})`)
  // One line: csh takes no other.
  const script = [
    'PATH=$PATH:/usr/sbin:/sbin',
    "own='port 22'",
    'set -- $SSH_CONNECTION',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's.
    '[ $# -eq 4 ] && own="tcp and host ${1%%%*} and port $2 and host ${3%%%*} and port $4"',
    'exec 3<&0',
    `(cat <&3; kill -TERM $$) >/dev/null 2>&1 & exec ${tcpdump.map(quote).join(' ')} -- "not ($own)"${filterText} </dev/null 3<&-`,
  ].join('; ')
  return `exec /bin/sh -c ${quote(script)}`
}

/** For a POSIX shell, csh and fish alike. */
function quote(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`
}

function endWithoutBytes(what: string, { exitCode, signal, stderr }: ChildEnd): CaptureError {
  const known = recognizeSaying(stderr)
  if (known !== null) return known
  const reason = plainReason(what, exitCode, signal, stderr)
  return new CaptureError('tool-failed', reason ?? `${what} ended without writing anything`)
}

/** ssh's own failures end with 255, a missing tcpdump with 127; anything else is what tcpdump says of the other machine. */
function sshError(host: string, end: ChildEnd): CaptureError {
  if (end.exitCode === 127) return new CaptureError('ssh-failed', `${host}: tcpdump is not installed there`, host)
  const { kind, message, subject, said } = endWithoutBytes('ssh', end)
  if (end.exitCode === 255 || kind === 'tool-failed')
    return new CaptureError('ssh-failed', `${host}: ${message}`, host, said)
  return new CaptureError(kind === 'no-permission' ? 'ssh-failed' : kind, `${host}: ${message}`, subject, said)
}
