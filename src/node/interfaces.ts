/** The network interfaces of this machine, as the capture tool numbers and names them, with what the system knows of each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { CaptureError, lastWords, recognizeSaying } from './capture-errors.ts'
import { type FoundTool, findCaptureTools, runTool } from './capture-tool.ts'

export { defaultInterface } from './default-interface.ts'

export type InterfaceKind =
  | 'ethernet'
  | 'wifi'
  | 'loopback'
  | 'bridge'
  | 'bond'
  | 'vlan'
  | 'tunnel'
  /** A device of software only: veth, dummy, ifb. */
  | 'virtual'
  /** All interfaces at once. */
  | 'any'
  /** No network interface at all: netfilter's logs, USB and Bluetooth monitors, D-Bus. */
  | 'pseudo'
  | 'unknown'

export interface InterfaceInfo {
  /** As the capture tool numbers it, from 1. */
  readonly number: number
  readonly name: string
  readonly friendlyName: string | null
  readonly kind: InterfaceKind
  /** LINKTYPE_ number of what it captures; null when only a capture would tell. */
  readonly linktype: number | null
  readonly addresses: readonly string[]
  /** Null: nobody says. */
  readonly up: boolean | null
  readonly loopback: boolean
}

/** All of them, down and pseudo ones too. Without a capture tool: those that the system names. */
export async function listInterfaces(): Promise<InterfaceInfo[]> {
  const listed = await listByTool()
  const known = new Set(listed.map(({ name }) => name))
  const system = [...Object.keys(networkInterfaces()), ...linuxNames()]
  // The tool's Windows names are devices; there the system's names are its friendly ones.
  for (const { friendlyName } of listed) if (friendlyName !== null) known.add(friendlyName)
  for (const name of new Set(system)) {
    if (!known.has(name)) listed.push({ number: listed.length + 1, name, friendlyName: null, flags: null })
  }
  return listed.map(describeInterface)
}

interface Listed {
  readonly number: number
  readonly name: string
  readonly friendlyName: string | null
  /** What tcpdump says: `Up, Running, Loopback`. */
  readonly flags: string | null
}

/** tshark comes last: it takes a second, and adds programs that are no interfaces. */
const LISTING_ORDER = ['dumpcap', 'tcpdump', 'tshark'] as const

async function listByTool(): Promise<Listed[]> {
  const tools = findCaptureTools().filter((tool) => tool.executable)
  for (const name of LISTING_ORDER) {
    const tool = tools.find((tool) => tool.name === name)
    if (tool === undefined) continue
    const listed = parseInterfaceList((await runTool(tool, ['-D'])).stdout)
    if (listed.length > 0) return listed
  }
  return []
}

/**
 * Reads `3. lo (Loopback)` of dumpcap and tshark, `3.lo [Up, Running, Loopback]` of tcpdump. Not the form for machines (-M):
 * it changed from tabs to JSON between versions of Wireshark.
 */
export function parseInterfaceList(text: string): Listed[] {
  const listed: Listed[] = []
  for (const line of text.split(/\r?\n/)) {
    const match = /^(\d+)\. ?(\S+)(?: \((.*)\))?(?: \[([^\]]*)\])?$/.exec(line.trimEnd())
    if (match === null || EXTCAP.test(match[2]!)) continue
    const [, number, name, friendlyName = null, flags = null] = match
    listed.push({ number: Number(number), name: name!, friendlyName, flags })
  }
  return listed
}

/** Programs that tshark lists with the interfaces; with their defaults they capture nothing. */
const EXTCAP = /^(?:ciscodump|dpauxmon|etl\w*|falcodump|randpkt|sdjournal|sshdump|udpdump|wifidump|\w+\.exe)$/

const PSEUDO = /^(?:bluetooth-monitor|bluetooth\d+|nflog|nfqueue|dbus-.*|usbmon\d*|netmap:.*|rdmasniff.*)$/

function describeInterface({ number, name, friendlyName, flags }: Listed): InterfaceInfo {
  const system = networkInterfaces()
  const addresses = (system[name] ?? system[friendlyName ?? ''] ?? []).map(({ address }) => address)
  const kind = kindOf(name, flags)
  return {
    number,
    name,
    friendlyName,
    kind,
    linktype: linktypeOf(name, kind),
    addresses,
    up: isUp(name, kind, flags, addresses),
    loopback: kind === 'loopback',
  }
}

const SYS = '/sys/class/net'

function linuxNames(): string[] {
  try {
    // Not only interfaces: a loaded bonding driver has a file `bonding_masters` there.
    return readdirSync(SYS).filter((name) => existsSync(`${SYS}/${name}/ifindex`))
  } catch {
    return []
  }
}

/** A file of sysfs; null on other systems, and for what is no interface. */
function readSys(name: string, file: string): string | null {
  if (!/^[^/]+$/.test(name) || name === '.' || name === '..') return null
  try {
    return readFileSync(`${SYS}/${name}/${file}`, 'utf8').trim()
  } catch {
    return null
  }
}

const DEVTYPES: Readonly<Record<string, InterfaceKind>> = {
  wlan: 'wifi',
  bridge: 'bridge',
  bond: 'bond',
  vlan: 'vlan',
  vxlan: 'tunnel',
  geneve: 'tunnel',
  gre: 'tunnel',
  wireguard: 'tunnel',
  ppp: 'tunnel',
}

/** ARPHRD_ numbers (linux/if_arp.h) that need a look. */
const ARPHRD_ETHER = 1
const ARPHRD_LOOPBACK = 772
const ARPHRD_NONE = 65534
const TUNNEL_ARPHRDS = new Set([ARPHRD_NONE, 512, 768, 769, 776, 778, 823])

function kindOf(name: string, flags: string | null): InterfaceKind {
  if (name === 'any') return 'any'
  if (PSEUDO.test(name)) return 'pseudo'
  const type = Number(readSys(name, 'type') ?? Number.NaN)
  if (Number.isNaN(type)) return kindByName(name, flags)
  if (type === ARPHRD_LOOPBACK) return 'loopback'
  const devtype = /^DEVTYPE=(.*)$/m.exec(readSys(name, 'uevent') ?? '')?.[1]
  if (devtype !== undefined && DEVTYPES[devtype] !== undefined) return DEVTYPES[devtype]
  if (readSys(name, 'tun_flags') !== null || TUNNEL_ARPHRDS.has(type)) return 'tunnel'
  if (type !== ARPHRD_ETHER) return 'unknown'
  return existsSync(`${SYS}/${name}/device`) ? 'ethernet' : 'virtual'
}

/** BSD and macOS name interfaces by their drivers; Windows says nothing. */
function kindByName(name: string, flags: string | null): InterfaceKind {
  if (/^lo\d*$/.test(name) || /NPF_Loopback$/.test(name) || flags?.includes('Loopback')) return 'loopback'
  if (/^(?:utun|tun|tap|gif|stf|gre|wg|ipsec|ppp)\d*$/.test(name)) return 'tunnel'
  if (/^bridge\d+$/.test(name)) return 'bridge'
  if (/^(?:awdl|llw|wlan)\d+$/.test(name) || flags?.includes('Wireless')) return 'wifi'
  return 'unknown'
}

/** What libpcap gives for each ARPHRD_ (pcap-linux.c, map_arphrd_to_dlt), where that is one thing. */
const LINKTYPES: Readonly<Record<number, number>> = {
  [ARPHRD_ETHER]: 1,
  [ARPHRD_LOOPBACK]: 1,
  [ARPHRD_NONE]: 101,
  768: 101,
  769: 101,
  776: 101,
  801: 105,
  803: 127,
}

function linktypeOf(name: string, kind: InterfaceKind): number | null {
  if (kind === 'any') return 113
  return LINKTYPES[Number(readSys(name, 'type') ?? Number.NaN)] ?? null
}

const IFF_UP = 1

function isUp(name: string, kind: InterfaceKind, flags: string | null, addresses: readonly string[]): boolean | null {
  if (kind === 'any') return true
  const sys = readSys(name, 'flags')
  if (sys !== null) return (Number(sys) & IFF_UP) !== 0
  if (kind === 'pseudo') return null
  if (flags !== null) return /\bUp\b/.test(flags)
  return addresses.length > 0 ? true : null
}

export interface Probe {
  /** What it can capture, the default first: `EN10MB`. */
  readonly linktypes: readonly string[]
  /** Null when a capture can start. */
  readonly error: CaptureError | null
}

/** Opens an interface as a capture would, and closes it: 15 to 50 ms. */
export async function probeInterface(tool: FoundTool, name: string): Promise<Probe> {
  const { stdout, stderr, exitCode } = await runTool(tool, ['-L', '-i', name])
  const linktypes = [...`${stdout}\n${stderr}`.matchAll(/^ {2}([A-Z][\w-]*)(?: \(|$)/gm)].map((match) => match[1]!)
  if (exitCode === 0 && linktypes.length > 0) return { linktypes, error: null }
  const error =
    recognizeSaying(stderr) ??
    new CaptureError('open-failed', `cannot capture on ${name}: ${lastWords(stderr) ?? 'no reason is given'}`, name)
  return { linktypes: [], error }
}
