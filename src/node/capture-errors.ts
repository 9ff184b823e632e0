/**
 * What capture tools say on stderr → what went wrong, in netkit's words. The words are those of Wireshark 4.0, tcpdump 4.99
 * and libpcap 1.10; exit codes say little (dumpcap ends with 0 when the interface is gone).
 */

export type CaptureErrorKind =
  /** Nothing that can capture is installed. */
  | 'tool-missing'
  /** It is installed, but only a group may run it. */
  | 'tool-not-executable'
  /** It has file capabilities that this container may not give. */
  | 'tool-needs-capabilities'
  | 'no-permission'
  | 'no-such-interface'
  | 'interface-down'
  /** It went away while it was captured. */
  | 'interface-removed'
  | 'bad-filter'
  /** What was asked for does not exist on this interface or with this tool: monitor mode, a link type, several interfaces. */
  | 'not-supported'
  | 'open-failed'
  | 'start-timeout'
  | 'sudo-password'
  | 'ssh-failed'
  /** The tool was killed, or ended with an error that is none of these. */
  | 'tool-failed'
  /** The caller gave up before the capture had started. */
  | 'aborted'

/** Capturing cannot start, or ended by itself. The message is one sentence in netkit's terms. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  readonly kind: CaptureErrorKind
  /** What it is about, where the tool says: an interface, a program. */
  readonly subject: string | null
  /** The tool's own words, one line; null when it had none, or when the message has them. */
  readonly said: string | null

  constructor(kind: CaptureErrorKind, message: string, subject: string | null = null, said: string | null = null) {
    super(message)
    this.kind = kind
    this.subject = subject
    this.said = said
  }
}

interface Saying {
  readonly kind: CaptureErrorKind
  readonly pattern: RegExp
  /** `subject`: the first group that matched. */
  readonly message: (subject: string, match: RegExpExecArray) => string
}

/** The first that matches anywhere counts: special cases stand before general ones. */
const SAYINGS: readonly Saying[] = [
  {
    kind: 'interface-removed',
    pattern: /adapter "([^"]+)" is no longer attached|The interface disappeared/,
    message: (name) => `${the(name)} disappeared; what came before is complete`,
  },
  {
    kind: 'tool-not-executable',
    pattern: /Couldn't run (\S+) in child process: Permission denied|exec: (\S+): Permission denied/,
    message: (path) => `this user may not run ${path}`,
  },
  {
    kind: 'tool-needs-capabilities',
    pattern: /Couldn't run (\S+) in child process: Operation not permitted|exec: (\S+): Operation not permitted/,
    message: (path) => `${path} asks for rights (NET_RAW, NET_ADMIN) that cannot be had here`,
  },
  {
    kind: 'tool-missing',
    pattern: /Couldn't run (\S+) in child process: No such file|exec: (\S+): not found/,
    message: (path) => `${path} is not installed`,
  },
  {
    kind: 'no-permission',
    pattern:
      /(?:have permission to capture on device "([^"]+)"|(?:tcpdump: )?(\S+): You don't have permission to perform this capture|capture device "([^"]+)" could not be obtained \(pcap_activate\(\) failed: [^)]*Operation not permitted)/,
    message: (name) => `no permission to capture on ${name}`,
  },
  {
    kind: 'no-such-interface',
    pattern:
      /There is no device named "([^"]+)"|^(?:tcpdump: )?([^:\s]+): No such device exists|capture device "([^"]+)" could not be obtained \(pcap_activate\(\) failed: No such device exists/m,
    message: (name) => `there is no interface '${name}'`,
  },
  {
    kind: 'interface-down',
    pattern:
      /Device "([^"]+)" is not up|^(?:tcpdump: )?([^:\s]+): That device is not up|capture device "([^"]+)" could not be obtained \(pcap_activate\(\) failed: That device is not up/m,
    message: (name) => `${the(name)} is down`,
  },
  {
    kind: 'bad-filter',
    pattern: /Invalid capture filter "([\s\S]*?)" for interface [\s\S]*?capture\s+filter \(([\s\S]*?)\)\./,
    message: (filter, match) => `invalid capture filter '${filter}': ${match[2]!.replace(/\s+/g, ' ')}`,
  },
  {
    kind: 'bad-filter',
    pattern: /^(?:tcpdump: )?(can't parse filter expression: .*|.*\bin filter expression\b.*|illegal token: .*)$/m,
    message: (said) => `invalid capture filter: ${said}`,
  },
  {
    kind: 'not-supported',
    pattern:
      /monitor mode is not supported on device "([^"]+)"|^(?:tcpdump: )?(\S+): That device doesn't support monitor mode/m,
    message: (name) => `${the(name)} has no monitor mode`,
  },
  {
    kind: 'not-supported',
    pattern: /^.*(?:Unable to set data link type|is not one of the DLTs supported|The specified data link type).*$/m,
    message: (_subject, match) => `link type: ${withoutProgram(match[0])}`,
  },
  {
    kind: 'not-supported',
    pattern: /^(?:tcpdump: )?(\S+): Can't set (?:nanosecond|microsecond) time stamp precision.*$/m,
    message: (name) => `${the(name)} has no time stamps of that precision`,
  },
  {
    kind: 'open-failed',
    pattern:
      /could not be initiated on capture device "([^"]+)"\.?\s*\(([^)\n]*)\)|capture device "([^"]+)" could not be obtained \(([^\n]*)\)\./,
    message: (name, match) => `cannot capture on ${name}: ${(match[2] ?? match[4])!}`,
  },
  {
    kind: 'sudo-password',
    pattern: /sudo: (?:a password|a terminal) is required/,
    message: () => 'sudo asks for a password and has no terminal to ask on',
  },
  {
    kind: 'ssh-failed',
    pattern:
      /^(?:ssh: .*|kex_exchange_identification: .*|.*Permission denied \(.*|Host key verification failed\.?|Connection (?:closed|reset|timed out).*)$/m,
    message: (_subject, match) =>
      match[0]
        .trim()
        .replace(/^ssh: /, 'ssh: ')
        .replace(/\.$/, ''),
  },
  {
    kind: 'tool-failed',
    pattern: /Child dumpcap process died: (.*)/,
    message: (how) => `dumpcap died: ${how}`,
  },
]

/** What the stderr of a capture tool says about why it ended; null when there is nothing in it that is known. */
export function recognizeSaying(stderr: string): CaptureError | null {
  for (const { kind, pattern, message } of SAYINGS) {
    const match = pattern.exec(stderr)
    if (match === null) continue
    const subject = match.slice(1).find((group) => group !== undefined) ?? ''
    return new CaptureError(kind, message(subject, match), subject === '' ? null : subject, lastWords(stderr))
  }
  return null
}

/** Lines that say nothing about an end: greetings, counters, and a warning of containers where capturing works. */
const CHATTER =
  /^\s*$|^Running as user|^Capturing on|^File: |^\w+:\s*$|\[Main MESSAGE\]|packets? captured|packets? received by filter|packets? dropped|received\/dropped|^Packets captured:|cap_set_proc|^tcpdump: (?:listening on|verbose output|data link type)|dropped privs|permission to read the file|Error loading table/

/** The last line that is not mere chatter, without the program's name in front. */
export function lastWords(stderr: string): string | null {
  const line = stderr
    .split(/\r?\n|\r/)
    .filter((text) => !CHATTER.test(text))
    .at(-1)
  return line === undefined ? null : withoutProgram(line)
}

function withoutProgram(line: string): string {
  return line.trim().replace(/^(?:dumpcap|tshark|tcpdump): /, '')
}

function the(name: string): string {
  return name === '' ? 'the interface' : `interface '${name}'`
}
