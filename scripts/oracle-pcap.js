// What tshark and capinfos say about one capture, as JSON: a second witness for netkit's own numbers.
// Usage: node scripts/oracle-pcap.js CAPTURE NAME [WINDOW_SECONDS]     NAME stands in the output instead of the path.
//
// How the rows are meant (DESIGN: "what the numbers are"):
// - a flow is (source, destination, protocol number) of the outermost IP header, one direction, no ports. What the header carries
//   (a tunnel, the packet that an ICMP error quotes) adds nothing.
// - protocol is the octet of the IPv4 header; for IPv6 the next header of the last extension header, and of the Fragment header
//   in a fragment that is not the first. Nothing is reassembled: each fragment is a frame of its own header.
// - bytes are the original lengths. Frames without a whole IP header are in non_ip, by EtherType ("0x0806"), as "llc", "other" or
//   "ip-malformed". flows + non_ip = packets, bytes.
// - windows are half-open and start at the first frame of the file; a frame before that has a negative index. A frame without a
//   time (Simple Packet Block) is in no window.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [path, name, windowSeconds = '5'] = process.argv.slice(2)
const WINDOW_NS = BigInt(windowSeconds) * 1_000_000_000n

/** Extension headers that IPv6's chain is walked through, each with tshark's name for its next header. */
const EXTENSIONS = new Map([
  [0, 'ipv6.hopopts.nxt'],
  [43, 'ipv6.routing.nxt'],
  [44, 'ipv6.fraghdr.nxt'],
  [51, 'ah.next_header'],
  [60, 'ipv6.dstopts.nxt'],
  [135, 'mip6.proto'],
  [139, 'hip.proto'],
  [140, 'shim6.nxt'],
])
const FRAGMENT = 44

const FRAME_FIELDS = ['frame.len', 'frame.cap_len', 'frame.time_epoch', 'frame.encap_type', 'frame.protocols']
const ADDRESS_FIELDS = ['ip.src', 'ip.dst', 'ip.proto', 'ipv6.src', 'ipv6.dst', 'ipv6.nxt', 'ipv6.fraghdr.offset']
const TYPE_FIELDS = ['eth.type', 'sll.etype', 'llc.type', 'chdlc.protocol', 'vlan.etype']
const FIELDS = [...FRAME_FIELDS, ...ADDRESS_FIELDS, ...EXTENSIONS.values(), ...TYPE_FIELDS]
const PREFERENCES = ['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams', 'wlan.defragment']

// an empty configuration: nobody's own preferences decide what a dissector shows
const configuration = mkdtempSync(join(tmpdir(), 'oracle-'))
process.on('exit', () => rmSync(configuration, { recursive: true, force: true }))
const env = { ...process.env, HOME: configuration, WIRESHARK_CONFIG_DIR: configuration, LC_ALL: 'C.UTF-8', TZ: 'UTC' }

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (error) throw error
  const said = stderr.split('\n').filter((line) => line && !line.startsWith('Running as user'))
  return { status, stdout, said: said.map((line) => line.replaceAll(path, name)) }
}

const version = (program) => run(program, ['--version']).stdout.match(/\d+\.\d+\.\d+/)[0]

function capinfos() {
  const { status, stdout, said } = run('capinfos', ['-TMmSQ', '-t', '-E', '-c', '-d', '-a', '-e', '-o', path])
  const [keys, values = ''] = stdout.trim().split('\n')
  const split = (line) => line.split('","').map((cell) => cell.replace(/^"|"$/g, ''))
  const facts = values ? Object.fromEntries(split(values).map((value, i) => [split(keys)[i], value])) : {}
  delete facts['File name']
  return { status, said, ...facts }
}

/** '1704067200.123456789' → nanoseconds, null for a frame without a time. */
function nanoseconds(text) {
  if (!text) return null
  const [, sign, whole, fraction = ''] = text.match(/^(-?)(\d+)(?:\.(\d+))?$/)
  const ns = BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
  return sign ? -ns : ns
}

/** The protocol that the outermost IPv6 header leads to: the first occurrences of each field belong to it. */
function lastNextHeader(get) {
  const used = new Map()
  const take = (field) => {
    const n = used.get(field) ?? 0
    used.set(field, n + 1)
    return get(field)[n]
  }
  let next = Number(get('ipv6.nxt')[0])
  while (EXTENSIONS.has(next)) {
    const behind = take(EXTENSIONS.get(next))
    if (behind === undefined) return next // cut off by the snaplen
    const later = next === FRAGMENT && Number(take('ipv6.fraghdr.offset')) > 0
    next = Number(behind)
    if (later) return next
  }
  return next
}

/** A flow [src, dst, protocol] or the name of a kind of frame without IP. */
function keyOf(layers, get) {
  const quote = layers.findIndex((layer) => layer === 'icmp' || layer === 'icmpv6')
  const outer = layers.slice(0, quote < 0 ? undefined : quote).find((layer) => layer === 'ip' || layer === 'ipv6')
  if (outer === undefined) return nonIpKey(layers, get)
  const [src, dst] = [get(`${outer}.src`)[0], get(`${outer}.dst`)[0]]
  const protocol = outer === 'ip' ? get('ip.proto')[0] : get('ipv6.nxt')[0]
  if (!src || !dst || protocol === undefined) return 'ip-malformed'
  return [src, dst, outer === 'ip' ? Number(protocol) : lastNextHeader(get)]
}

function nonIpKey(layers, get) {
  // behind VLAN tags the last tag's type counts
  const type =
    get('vlan.etype').at(-1) ?? TYPE_FIELDS.map((field) => get(field)[0]).find((value) => value !== undefined)
  if (type !== undefined && Number(type) >= 0x600) return `0x${Number(type).toString(16).padStart(4, '0')}`
  return layers.includes('llc') ? 'llc' : 'other'
}

function* frames(stdout) {
  for (const line of stdout.split('\n')) {
    if (!line) continue
    const cells = line.split('\t')
    const get = (field) => {
      const cell = cells[FIELDS.indexOf(field)]
      return cell ? cell.split(',') : []
    }
    if (get('frame.encap_type').length === 0) continue // tshark numbers custom blocks as frames; they hold no packet
    yield {
      bytes: Number(get('frame.len')[0]),
      captured: Number(get('frame.cap_len')[0]),
      ns: nanoseconds(get('frame.time_epoch')[0]),
      key: keyOf((get('frame.protocols')[0] ?? '').split(':'), get),
    }
  }
}

function floorDivide(a, b) {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}

/** Sums by key, in order of first appearance. */
function sums() {
  const rows = new Map()
  return {
    add(key, bytes) {
      const id = JSON.stringify(key)
      const row = rows.get(id) ?? { key, packets: 0, bytes: 0 }
      row.packets++
      row.bytes += bytes
      rows.set(id, row)
    },
    rows: () => [...rows.values()].map(({ key, packets, bytes }) => [...key, packets, bytes]),
  }
}

function witness() {
  const fields = FIELDS.flatMap((field) => ['-e', field])
  const preferences = PREFERENCES.flatMap((preference) => ['-o', `${preference}:FALSE`])
  const format = ['-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=,', '-E', 'quote=n']
  const { status, stdout, said } = run('tshark', ['-n', '-r', path, ...format, ...preferences, ...fields])

  const [flows, nonIp, windows] = [sums(), sums(), sums()]
  const total = { packets: 0, bytes: 0, captured_bytes: 0, untimed: 0 }
  let first = null
  let last = null
  for (const { bytes, captured, ns, key } of frames(stdout)) {
    total.packets++
    total.bytes += bytes
    total.captured_bytes += captured
    const isFlow = Array.isArray(key)
    if (isFlow) flows.add(key, bytes)
    else nonIp.add([key], bytes)
    if (ns === null) {
      total.untimed++
      continue
    }
    first ??= ns
    last = ns
    windows.add([Number(floorDivide(ns - first, WINDOW_NS)), ...(isFlow ? key : [key])], bytes)
  }
  const text = (ns) => (ns === null ? null : String(ns))
  return {
    tshark: { status, said },
    ...total,
    first_ns: text(first),
    last_ns: text(last),
    flows: flows.rows(),
    non_ip: nonIp.rows(),
    window_seconds: Number(windowSeconds),
    windows: windows.rows(),
  }
}

/** JSON with one row a line, for a reader of diffs. */
function print(value) {
  const entries = Object.entries(value).map(([key, content]) => {
    const rows = Array.isArray(content) && content.length > 0
    const shown = rows
      ? `[\n${content.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]`
      : JSON.stringify(content)
    return `  ${JSON.stringify(key)}: ${shown}`
  })
  process.stdout.write(`{\n${entries.join(',\n')}\n}\n`)
}

print({
  capture: name,
  sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
  tools: { tshark: version('tshark'), capinfos: version('capinfos') },
  capinfos: capinfos(),
  ...witness(),
})
