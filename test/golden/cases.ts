/**
 * Command lines and the files that hold what they print: the outside of netkit, for a reviewer to read.
 *
 * `npm run golden -- LABEL…` rewrites the files in expected/. Before a rewritten file is kept, its numbers are compared with
 * oracle/ or tshark, and its words are read as a user would read them.
 */
import { DIFF_FORMATS } from '../../src/loggers/create-diff-text.ts'
import type { LogFormat } from '../../src/loggers/create-logger.ts'

export interface GoldenCase {
  /** Names the case, and with the format the file in expected/. */
  readonly label: string
  readonly format: LogFormat
  /** What follows `netkit`. Paths are relative, so that they read the same in every checkout. */
  readonly args: readonly string[]
  /** In expected/. Cases that print the same share one. */
  readonly expected: string
  /** Path of what is piped in. */
  readonly stdin?: string
  /** All of stderr; nothing unless given. */
  readonly stderr: string
  readonly exitCode: number
}

type Extras = Partial<Pick<GoldenCase, 'expected' | 'stdin' | 'stderr' | 'exitCode'>>

const EXTENSIONS: Readonly<Record<LogFormat, string>> = {
  text: 'txt',
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  md: 'md',
  zeek: 'log',
}

/** `captures` are paths below test/pcaps, `flags` are the rest of the line; both separated by blanks. */
function analyze(label: string, format: LogFormat, captures: string, flags = '', extras: Extras = {}): GoldenCase {
  const files = words(captures).map((name) => (name === '-' ? name : `test/pcaps/${name}`))
  const formatFlags = format === 'text' ? [] : ['--format', format]
  return {
    label,
    format,
    // Whoever runs this may have names for the addresses.
    args: ['analyze', ...files, '--no-hosts', ...words(flags), ...formatFlags],
    expected: `${label}.${EXTENSIONS[format]}`,
    stderr: '',
    exitCode: 0,
    ...extras,
  }
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '')
}

const text = (label: string, captures: string, flags = '', extras: Extras = {}) =>
  analyze(label, 'text', captures, flags, extras)

/** The capture of a label is what is wrong with it: one sentence, exit code 6 unless given. */
function broken(file: string, sentence: string, exitCode = 6): GoldenCase {
  const label = `broken-${file.replaceAll('.', '-')}`
  return text(label, `broken/${file}`, '', { stderr: `netkit: test/pcaps/broken/${file}: ${sentence}\n`, exitCode })
}

const before = 'everything before it is shown'
const FORMATS = Object.keys(EXTENSIONS) as LogFormat[]

/** The capture of the README in every format, as a summary and in windows. */
const formats = FORMATS.flatMap((format) => [
  analyze('office', format, 'office.pcapng'),
  // A log of connections has no windows.
  ...(format === 'zeek' ? [] : [analyze('office-windows', format, 'office.pcapng', '--window 5')]),
])

const range = '--since 2026-11-22T13:28:25Z --until 2026-11-22T13:28:40.5Z'

const windows = [
  text('office-sliding', 'office.pcapng', '-w 10 --step 5 --top 2'),
  text('office-aligned', 'office.pcapng', '-w 5 --align clock --top 2'),
  text('office-idle', 'office.pcapng', '-w 2 --idle --top 1'),
  text('office-milliseconds', 'office.pcapng', '-w 250ms -c 40 --top 1'),
  text('office-range', 'office.pcapng', `${range} --top 2`),
  text('office-range-windows', 'office.pcapng', `-w 5 ${range} --top 2`),
  text('office-count', 'office.pcapng', '-c 100 --top 3'),
  text('office-quiet', 'office.pcapng', '-w 5 -q --top 2'),
  text('time-backwards', 'time-backwards.pcap', '-w 5'),
  text('time-backwards-summary', 'time-backwards.pcap'),
  text('gap-of-a-century', 'time-gap-of-a-century.pcap', '-w 5'),
  text('one-frame', 'one-frame.pcap'),
  text('no-frames', 'no-frames.pcap'),
  analyze('no-frames', 'json', 'no-frames.pcapng'),
  text('simple-packets-window', 'pcapng-simple-packets.pcapng', '-w 5'),
]

const groupings = [
  text('by-flow', 'office.pcapng', '--by flow --top 8'),
  text('by-conversation', 'office.pcapng', '--by conversation --top 8'),
  text('by-conversation-windows', 'office.pcapng', '--by conversation --top 2 -w 10'),
  analyze('by-conversation', 'csv', 'office.pcapng', '--by conversation --top 5'),
  text('by-host', 'office.pcapng', '--by host --top 6'),
  text('by-host-windows', 'office.pcapng', '--by host --top 2 -w 10'),
  text('by-src', 'office.pcapng', '--by src --top 5'),
  text('by-protocol', 'office.pcapng', '--by protocol'),
  text('by-service', 'office.pcapng', '--by service'),
  text('by-mac', 'office.pcapng', '--by mac --top 5'),
  text('by-interface', 'two-interfaces.pcapng', '--by interface'),
  text('by-vlan', 'vlan.pcapng', '--by vlan'),
  text('by-vlan-qinq', 'qinq.pcapng', '--by vlan,protocol'),
  text('by-host-subnet', 'office.pcapng', '--by host/16/48,protocol --top 5'),
]

/** What is looked up for rows, and when they were. */
const labels = [
  text('by-service-windows', 'office.pcapng', '--by service --top 2 -w 10'),
  text('by-service-numbers', 'office.pcapng', '--by service -n'),
  analyze('by-flow-services', 'csv', 'office.pcapng', '--by flow --services --top 8'),
  text('by-mac-vendors', 'office.pcapng', '--by mac --vendors'),
  text('by-conversation-times', 'office.pcapng', '--by conversation --times --top 5'),
  analyze('by-flow-community-id', 'jsonl', 'icmp-errors.pcap', '--by flow --community-id --times'),
  analyze('icmp-errors', 'zeek', 'icmp-errors.pcap'),
]

/** TCP health: the numbers are tshark's, see test/capture/tcp-health.test.ts. */
const tcp = [
  text('tcp-health', 'tcp-trouble.pcap', '--sort retransmissions'),
  analyze('tcp-health', 'csv', 'tcp-trouble.pcap', '--tcp'),
  analyze('tcp-health', 'json', 'tcp-trouble.pcap', '--tcp --by host'),
  analyze('tcp-health', 'md', 'tcp-trouble.pcap', '--tcp --by protocol'),
  text('tcp-health-calm', 'office.pcapng', '--tcp --by src,dst -q --top 5'),
  text('tcp-health-windows', 'tcp-trouble.pcap', '--tcp -w 5', {
    stderr:
      "netkit: --tcp: of the whole capture, not of windows; --since and --until choose a part of it\nnetkit: try 'netkit analyze --help'\n",
    exitCode: 2,
  }),
]

const output = [
  text('bytes-ip', 'ethernet-padding.pcap', '--bytes ip'),
  text('bytes-payload', 'ethernet-padding.pcap', '--bytes payload'),
  text('bytes-payload-windows', 'ethernet-padding.pcap', '--bytes payload -w 5'),
  text('units-auto', 'office.pcapng', '--units auto --top 5'),
  text('units-iec', 'office.pcapng', '--units iec --top 5'),
  text('units-mbit', 'office.pcapng', '--units Mbit/s --top 2 -w 5'),
  text('sort-dst', 'office.pcapng', '--sort dst --by dst'),
  analyze('no-header', 'csv', 'office.pcapng', '--no-header --by protocol'),
]

/** How rates vary, budgets, and what changed between two captures. */
const budgets = '--assert total.p95<100kbit/s --assert total.p99<1Mbit/s --assert every.max<=200k'
const shapes = [
  ...DIFF_FORMATS.map((format) => analyze('stats', format, 'office.pcapng', '--stats --top 3')),
  text('stats-aligned', 'office.pcapng', '--stats --align clock -w 5 --by host --sort p95 --top 3'),
  text('burst', 'office.pcapng', '--burst 1ms --link 100M --above 80% --by protocol --units auto'),
  analyze('burst', 'json', 'office.pcapng', '--stats --burst 10ms --link 1M --by protocol'),
  text('stats-no-frames', 'no-frames.pcap', '--stats'),
  text('stats-gap-of-a-century', 'time-gap-of-a-century.pcap', '--stats --burst 1ms'),
  text('budgets', 'office.pcapng', `${budgets} --top 2`, {
    stderr:
      'netkit: budget broken: total.p95 = 191.26 kbit/s, not < 100kbit/s\n' +
      'netkit: budget broken: every.max: 203.0.113.10 (www.example.com [dns]) → 192.168.1.20 (desk-20 [dhcp]) (TCP) = 254.35 kbit/s, not <= 200k\n',
    exitCode: 3,
  }),
  analyze('budgets-windows', 'csv', 'office.pcapng', '-w 5 --top 2 --assert total.mean<1Gbit/s'),
]

/** `captures` are two paths below test/pcaps. */
function diff(label: string, format: LogFormat, captures: string, flags = ''): GoldenCase {
  const { args, ...rest } = analyze(label, format, captures, flags)
  return { ...rest, args: ['diff', ...args.slice(1)] }
}

const diffs = [
  ...DIFF_FORMATS.map((format) => diff('diff', format, 'office.pcap vlan.pcapng', '--top 3')),
  diff('diff-same', 'text', 'office.pcap office.pcapng'),
  diff('diff-by', 'text', 'office.pcapng any-sll2.pcap', '--by conversation --by src/24 --units auto --top 4'),
]

/** Link types, tunnels, file forms: each with the reason that the README of the captures gives. */
const captures = [
  text('snaplen', 'office-snaplen-96.pcap', '--top 3'),
  text('any-sll', 'any-sll.pcapng', '--by interface,protocol'),
  text('any-sll2', 'any-sll2.pcap', '--by interface,protocol'),
  text('fragments', 'fragments.pcapng', '--by flow'),
  text('vlan', 'vlan.pcapng', '--by flow --top 5'),
  text('gre', 'gre.pcapng'),
  text('gre-inner', 'gre.pcapng', '--inner'),
  text('ipip-inner', 'ipip.pcapng', '--inner'),
  text('6in4-inner', '6in4.pcapng', '--inner'),
  text('vxlan-inner', 'vxlan.pcapng', '--inner'),
  text('geneve-inner', 'geneve.pcapng', '--inner'),
  text('gtp-u-inner', 'gtp-u.pcap', '--inner'),
  text('teredo-inner', 'teredo.pcap', '--inner'),
  text('mpls', 'mpls.pcap'),
  text('ieee80211', 'ieee80211.pcap'),
  text('llc-snap', 'llc-snap.pcap'),
  text('arp', 'arp.pcap'),
  text('link-type-unknown', 'link-type-unknown.pcap'),
  text('ip-malformed', 'ip-malformed.pcap'),
  text('nanoseconds', 'pcap-ns-big-endian.pcap'),
  text('two-sections', 'pcapng-two-sections.pcapng'),
  text('mixed-link-types', 'pcapng-interfaces.pcapng', '--by interface'),
  text('drops', 'pcapng-drops.pcapng', '--top 2'),
  text('tsoffset', 'pcapng-tsoffset.pcapng', '-w 500ms'),
]

/** What is compressed prints what the plain file prints. That the plain twins agree too, oracle.test.ts shows. */
const twins = ['gz', 'zst', 'lz4'].map((ending) =>
  analyze(`twin-${ending}`, 'csv', `compressed/parts.pcap.${ending}`, '-w 10', { expected: 'plain.csv' }),
)
const compressed = [
  analyze('plain', 'csv', 'compressed/plain.pcap', '-w 10'),
  ...twins,
  analyze('stdin-lz4', 'csv', '-', '-w 10', { stdin: 'test/pcaps/compressed/parts.pcap.lz4', expected: 'plain.csv' }),
  text('stdin-summary', '-', '--top 3', { stdin: 'test/pcaps/compressed/plain.pcap.gz' }),
]

const severalFiles = [
  text('merged', 'office.pcapng any-sll2.pcap two-interfaces.pcapng', '-w 10 --top 3'),
  text('merged-summary', 'office.pcapng any-sll2.pcap compressed/plain.pcap.gz', '--top 3'),
  analyze('merged', 'json', 'raw.pcap arp.pcap pcap-ns-big-endian.pcap'),
  text('merged-with-damage', 'arp.pcap broken/pcap-cut-packet.pcap', '', {
    stderr: `netkit: test/pcaps/broken/pcap-cut-packet.pcap: cut in the packet at byte 286: 20 of 54 bytes; ${before}\n`,
    exitCode: 6,
  }),
  text('merged-with-text', 'broken/text.pcap arp.pcap', '', {
    stderr: 'netkit: test/pcaps/broken/text.pcap: not a capture but plain text\n',
    exitCode: 5,
  }),
]

const damaged = [
  broken('empty.pcap', 'empty: there is not a single byte in it', 5),
  broken('text.pcap', 'not a capture but plain text', 5),
  broken('pcap-cut-file-header.pcap', 'cut in the file header: 20 of 24 bytes; nothing in it could be read'),
  broken('pcap-cut-record-header.pcap', `cut in the record header at byte 286: 7 of 16 bytes; ${before}`),
  broken('pcap-cut-packet.pcap', `cut in the packet at byte 286: 20 of 54 bytes; ${before}`),
  broken(
    'pcap-huge-caplen.pcap',
    `the record at byte 286 claims 2147483647 captured bytes (at most 262144 are plausible); ${before}`,
  ),
  broken(
    'pcap-garbage-tail.pcap',
    `the record at byte 644 claims 2296461971 captured bytes (at most 262144 are plausible); ${before}`,
  ),
  broken('pcapng-cut-block.pcapng', `cut in the block at byte 644: 98 of 128 bytes; ${before}`),
  broken('pcapng-zero-length-block.pcapng', `the block at byte 772 has the impossible total length 0; ${before}`),
  broken(
    'pcapng-huge-block.pcapng',
    `the block at byte 772 claims 2147483632 bytes (at most 16777216 are plausible); ${before}`,
  ),
  broken('pcapng-garbage-tail.pcapng', `the block at byte 772 has the impossible total length 3963985655; ${before}`),
  broken(
    'pcapng-trailer-differs.pcapng',
    `the block at byte 644 has 128 bytes by its header and 8 by its end; ${before}`,
  ),
  broken(
    'pcapng-unknown-interface.pcapng',
    `the packet at byte 772 names interface 7, of 1 described before it; ${before}`,
  ),
  broken('cut.pcap.gz', `the gzip data is cut short at its byte 3346; ${before}`),
  broken('cut.pcap.zst', `the zstd data is cut short at its byte 2747; ${before}`),
  broken('cut.pcap.lz4', 'the lz4 data is cut short at its byte 4263; nothing in it could be read'),
  broken('crc-differs.pcap.gz', `the gzip data is damaged near its byte 6688: incorrect data check; ${before}`),
  analyze('broken', 'json', 'broken/pcapng-cut-block.pcapng', '', {
    stderr: `netkit: test/pcaps/broken/pcapng-cut-block.pcapng: cut in the block at byte 644: 98 of 128 bytes; ${before}\n`,
    exitCode: 6,
  }),
  text('broken-windows', 'broken/cut.pcap.gz', '-w 10 --top 1', {
    stderr: `netkit: test/pcaps/broken/cut.pcap.gz: the gzip data is cut short at its byte 3346; ${before}\n`,
    exitCode: 6,
  }),
]

/** What is behind the damage, asked for. */
const salvaged = [
  text('salvage', 'broken/pcap-huge-caplen.pcap', '--salvage', {
    stderr:
      'netkit: test/pcaps/broken/pcap-huge-caplen.pcap: the record at byte 286 claims 2147483647 captured bytes (at most 262144 are plausible); passed over 70 bytes at byte 286, 3 frames before, 2 behind\n',
    exitCode: 6,
  }),
  analyze('salvage', 'json', 'broken/pcapng-trailer-differs.pcapng', '--salvage', {
    stderr:
      'netkit: test/pcaps/broken/pcapng-trailer-differs.pcapng: the block at byte 644 has 128 bytes by its header and 8 by its end; passed over 128 bytes at byte 644, 5 frames before, 1 behind\n',
    exitCode: 6,
  }),
  text('salvage-windows', 'broken/pcap-huge-caplen.pcap', '--salvage -w 5', {
    stderr:
      'netkit: test/pcaps/broken/pcap-huge-caplen.pcap: the record at byte 286 claims 2147483647 captured bytes (at most 262144 are plausible); passed over 70 bytes at byte 286, 3 frames before, 2 behind\n',
    exitCode: 6,
  }),
]

export const cases: readonly GoldenCase[] = [
  ...formats,
  ...windows,
  ...groupings,
  ...labels,
  ...tcp,
  ...output,
  ...shapes,
  ...diffs,
  ...captures,
  ...compressed,
  ...severalFiles,
  ...damaged,
  ...salvaged,
]
