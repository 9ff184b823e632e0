/** Why a capture cannot start → its exit code, and the commands that mend it on this system. */
import type { CaptureError, CaptureErrorKind } from '../node/capture-errors.ts'
import type { CaptureToolName } from '../node/capture-tool.ts'
import type { Distribution, System } from '../node/system.ts'
import { EXIT_CANNOT_CAPTURE, EXIT_OK, EXIT_RUNTIME_ERROR, EXIT_USAGE } from './exit-codes.ts'

/** One thing to do: a command to type, or a sentence, or a command with a sentence. */
export interface Advice {
  readonly command: string | null
  readonly note: string | null
}

const EXIT_CODES: Readonly<Record<CaptureErrorKind, number>> = {
  'tool-missing': EXIT_CANNOT_CAPTURE,
  'tool-not-executable': EXIT_CANNOT_CAPTURE,
  'tool-needs-capabilities': EXIT_CANNOT_CAPTURE,
  'no-permission': EXIT_CANNOT_CAPTURE,
  'sudo-password': EXIT_CANNOT_CAPTURE,
  'interface-down': EXIT_CANNOT_CAPTURE,
  'no-such-interface': EXIT_USAGE,
  'bad-filter': EXIT_USAGE,
  'not-supported': EXIT_USAGE,
  'open-failed': EXIT_CANNOT_CAPTURE,
  'interface-removed': EXIT_RUNTIME_ERROR,
  'start-timeout': EXIT_RUNTIME_ERROR,
  'ssh-failed': EXIT_RUNTIME_ERROR,
  'tool-failed': EXIT_RUNTIME_ERROR,
  // One Ctrl-C is a way to end, also this early.
  aborted: EXIT_OK,
}

export function exitCodeOfCapture(kind: CaptureErrorKind): number {
  return EXIT_CODES[kind]
}

/** The best first. Empty when there is nothing to be done but to read the message. */
export function adviseOn(error: CaptureError, system: System, tool: CaptureToolName = 'dumpcap'): Advice[] {
  switch (error.kind) {
    case 'tool-missing':
      return installing(system)
    case 'tool-not-executable':
      return [...joiningGroup(system), asRoot(system)].filter((advice) => advice !== null)
    case 'tool-needs-capabilities':
      return [
        ...givingToContainer(system),
        does(
          `sudo setcap -r ${quote(error.subject ?? '/usr/bin/dumpcap')}`,
          'or take its file capabilities away, and run netkit as root',
        ),
      ]
    case 'no-permission':
      return permitting(system, tool)
    case 'interface-down':
      return bringingUp(error.subject ?? 'IFACE', system)
    case 'no-such-interface':
      return [does('netkit interfaces', 'lists them')]
    case 'bad-filter':
      return aboutFilter(error.subject ?? '')
    case 'sudo-password':
      return [does('sudo -v', 'lets sudo ask for the password now')]
    case 'ssh-failed':
      return /permission to capture/.test(error.message)
        ? [says('log in there as a user who may capture: root@HOST')]
        : []
    case 'start-timeout':
    case 'open-failed':
      return [does('netkit doctor', 'tries every interface')]
    default:
      return []
  }
}

const INSTALL: Readonly<Record<Distribution, string>> = {
  debian: 'apt-get install tshark',
  fedora: 'dnf install wireshark-cli',
  arch: 'pacman -S wireshark-cli',
  alpine: 'apk add tshark',
  suse: 'zypper install wireshark',
}

function installing(system: System): Advice[] {
  if (system.platform === 'darwin') return [does('brew install wireshark')]
  if (system.platform === 'win32') {
    return [
      does('winget install WiresharkFoundation.Wireshark'),
      says('and Npcap, the driver that captures: https://npcap.com'),
    ]
  }
  if (system.platform === 'freebsd') return [does(privileged('pkg install tshark', system))]
  if (system.distribution === null) return [says('install Wireshark (dumpcap) or tcpdump with the package manager')]
  return [does(privileged(INSTALL[system.distribution], system))]
}

/** Where the packages let a group run dumpcap, that group; elsewhere rights of the program itself. */
function permitting(system: System, tool: CaptureToolName): Advice[] {
  if (system.platform === 'win32') {
    return [
      says('open the terminal as administrator'),
      says(
        'or install Npcap again without "Restrict Npcap driver\'s access to Administrators only": https://npcap.com',
      ),
    ]
  }
  if (system.platform === 'darwin') {
    return [does('brew install --cask wireshark-chmodbpf', 'once; then log out and in'), asRoot(system)].filter(
      (advice) => advice !== null,
    )
  }
  if (system.platform !== 'linux') return [asRoot(system)].filter((advice) => advice !== null)
  if (system.root || (system.container && system.noNewPrivileges)) return givingToContainer(system)
  const first = system.noNewPrivileges
    ? [says('this session may gain no rights (no_new_privs of a sandbox or a service): start netkit outside of it')]
    : tool === 'tcpdump'
      ? [givingToProgram('tcpdump')]
      : joiningGroup(system)
  return [...first, asRoot(system), ...(system.container ? givingToContainer(system) : [])].filter(
    (advice) => advice !== null,
  )
}

function joiningGroup(system: System): Advice[] {
  if (system.platform !== 'linux') return []
  if (system.groupIsPending) {
    return [does('newgrp wireshark', 'you are in the group wireshark since you logged in: log out and in, or this')]
  }
  const join = does(`sudo usermod -aG wireshark ${quote(system.user || '$USER')}`, 'then log out and in')
  switch (system.distribution) {
    case 'debian':
      return [does('sudo dpkg-reconfigure wireshark-common', 'answer Yes'), join]
    case 'fedora':
    case 'arch':
    case 'suse':
      return [join]
    default:
      return [givingToProgram('dumpcap')]
  }
}

function givingToProgram(program: string): Advice {
  return does(`sudo setcap cap_net_raw,cap_net_admin=eip "$(command -v ${program})"`)
}

function givingToContainer({ container }: System): Advice[] {
  if (!container) return [says('this root is not allowed to capture: it lacks the capabilities NET_RAW and NET_ADMIN')]
  return [
    does('docker run --cap-add NET_RAW --cap-add NET_ADMIN …', 'when the container is started'),
    says('Kubernetes: securityContext.capabilities.add: [NET_RAW, NET_ADMIN]'),
  ]
}

/** Null for root. The path: sudo replaces PATH, and Node is often in the user's own folder. */
function asRoot({ root, platform }: System): Advice | null {
  if (root || platform === 'win32') return null
  return does('sudo env "PATH=$PATH" netkit …', 'for this once')
}

function bringingUp(name: string, system: System): Advice[] {
  if (system.platform === 'win32') return [does(`netsh interface set interface "${name}" enable`)]
  const up = system.platform === 'linux' ? `ip link set ${quote(name)} up` : `ifconfig ${quote(name)} up`
  return [does(privileged(up, system))]
}

function aboutFilter(filter: string): Advice[] {
  const syntax = says("capture filters are written as in 'tcp port 80 and host 192.0.2.1', see pcap-filter(7)")
  // `ip.addr == …`, `tcp.port==80`, `http.request`.
  if (!/\b[a-z]\w*\.[a-z][\w.]*\s*(?:[=!<>]=|[<>]|$|\s(?:contains|matches|eq|ne)\b)/.test(filter)) return [syntax]
  return [says('this looks like a display filter of Wireshark, which is another language'), syntax]
}

function privileged(command: string, { root }: System): string {
  return root ? command : `sudo ${command}`
}

function does(command: string, note: string | null = null): Advice {
  return { command, note }
}

function says(note: string): Advice {
  return { command: null, note }
}

function quote(text: string): string {
  return /^[\w./:@$-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** `sudo ip link set va up    # reason`: to be copied as it is. */
export function formatAdvice({ command, note }: Advice): string {
  if (command === null) return note ?? ''
  return note === null ? command : `${command}    # ${note}`
}
