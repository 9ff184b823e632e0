/** The ten questions of docs/sql.md: each command gives what stands below it, and tshark's fields lead to the same answers. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { capturesFolder, projectFolder } from '../support/captures.ts'
import { shell } from '../support/netkit-process.ts'
import { missingTools, output } from '../support/tools.ts'

interface Block {
  readonly title: string
  readonly command: string
  readonly printed: string
}

const blocks: Block[] = [
  ...readFileSync(`${projectFolder}docs/sql.md`, 'utf8').matchAll(
    /\*\*(\d+\. [^*]+)\*\*[^\n]*\n\n {4}\$ (netkit sql [^"]*"[^"]*"\n)((?: {4}.*\n)+)/g,
  ),
].map(([, title, command, printed]) => ({ title: title!, command: command!, printed: printed!.replace(/^ {4}/gm, '') }))

test('there are ten', () => {
  expect(blocks.map(({ title }) => Number.parseInt(title, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test.each(blocks)('$title', async ({ command, printed }) => {
  expect(await shell(command, { cwd: projectFolder })).toMatchObject({ code: 0, stderr: '', stdout: printed })
})

/** Cells of the answer to question `number`, as they are printed. */
function answerTo(number: number): string[][] {
  const lines = blocks[number - 1]!.printed.trimEnd().split('\n').slice(1, -1)
  return lines.map((line) => line.trim().split(/ {2,}/))
}

const FIELDS = [
  'frame.time_epoch',
  'frame.len',
  'eth.src',
  'ip.src',
  'ipv6.src',
  'ip.dst',
  'ipv6.dst',
  'ip.proto',
  'ipv6.nxt',
] as const
const PORTS = ['tcp.srcport', 'tcp.dstport', 'udp.srcport', 'udp.dstport'] as const
const OTHERS = [
  'tcp.flags',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'ieee8021ad.id',
  'vlan.id',
  'dns.qry.name',
  'dns.a',
  'dns.aaaa',
  'dns.flags.response',
] as const
type Field = (typeof FIELDS)[number] | (typeof PORTS)[number] | (typeof OTHERS)[number]

interface Frame extends Readonly<Record<Field, string>> {
  readonly ns: bigint
  readonly length: number
  readonly src: string
  readonly dst: string
}

/** Fields of a layer that is there several times are those of the outermost; tags and answers are all there, with commas. */
function framesOf(...files: string[]): Frame[] {
  const names: readonly Field[] = [...FIELDS, ...PORTS, ...OTHERS]
  const frames = files.flatMap((file) => {
    const text = output('tshark', [
      ...['-r', `${capturesFolder}${file}`, '-T', 'fields', '-E', 'separator=|', '-o', 'ip.defragment:FALSE'],
      ...names.flatMap((name) => ['-e', name]),
    ])
    return text.trimEnd().split('\n')
  })
  const ofAll: readonly Field[] = ['vlan.id', 'dns.a', 'dns.aaaa']
  return frames.map((line) => {
    const values = line.split('|')
    const entries = names.map((name, i) => [name, ofAll.includes(name) ? values[i]! : (values[i] ?? '').split(',')[0]!])
    const fields = Object.fromEntries(entries) as Record<Field, string>
    const [seconds, fraction = ''] = fields['frame.time_epoch'].split('.')
    return {
      ...fields,
      ns: BigInt(seconds!) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0')),
      length: Number(fields['frame.len']),
      src: fields['ip.src'] || fields['ipv6.src'] || fields['eth.src'],
      dst: fields['ip.dst'] || fields['ipv6.dst'],
    }
  })
}

function groupBy<K>(frames: readonly Frame[], keyOf: (frame: Frame) => K): Map<K, Frame[]> {
  const groups = new Map<K, Frame[]>()
  for (const frame of frames) groups.set(keyOf(frame), [...(groups.get(keyOf(frame)) ?? []), frame])
  return groups
}

const bytesOf = (frames: readonly Frame[]) => frames.reduce((sum, { length }) => sum + length, 0)
const SECOND = 1_000_000_000n
const tagsOf = (frame: Frame) =>
  [frame['ieee8021ad.id'], frame['vlan.id']].filter((tag) => tag !== '').join('.') || 'untagged'

describe.skipIf(missingTools('tshark') !== null)('as tshark', () => {
  const office = framesOf('office.pcapng')

  test('1: who talked most', () => {
    const early = office.filter(({ ns }) => ns < office[0]!.ns + 10n * SECOND)
    const rows = [...groupBy(early, ({ src }) => src)].map(([src, frames]) => [
      src,
      `${bytesOf(frames)}`,
      `${frames.length}`,
    ])
    expect(answerTo(1)).toEqual(rows.sort((a, b) => Number(b[1]) - Number(a[1])).slice(0, 5))
  })

  test('2: out of hours', () => {
    const asked = office.filter(
      (frame) =>
        ['137', '445'].includes(frame['udp.dstport'] || frame['tcp.dstport']) &&
        ![14n, 15n, 16n, 17n].includes((frame.ns / SECOND / 3600n) % 24n),
    )
    expect(answerTo(2).map(([src, dst, packets]) => [src, dst, packets])).toEqual(
      asked.map(({ src, dst }) => [src, dst, '1']),
    )
  })

  test('3: sizes', () => {
    const classes = [...groupBy(office, ({ length }) => Math.floor(length / 256))].sort(([a], [b]) => a - b)
    expect(answerTo(3)).toEqual(
      classes.map(([size, { length }]) => [
        `${size * 256}`,
        `${size * 256 + 255}`,
        `${length}`,
        `${Number(((100 * length) / office.length).toFixed(1))}`,
      ]),
    )
  })

  test('4: no answer', () => {
    const frames = framesOf('tcp-trouble.pcap')
    const end = (frame: Frame, side: 'src' | 'dst') =>
      `${frame[side]} ${frame[side === 'src' ? 'tcp.srcport' : 'tcp.dstport']}`
    const answers = new Set(
      frames
        .filter((frame) => Number(frame['tcp.flags']) === 0x12)
        .map(
          (frame) =>
            `${end(frame, 'dst')} ${end(frame, 'src')} ${(Number(frame['tcp.ack_raw']) + 2 ** 32 - 1) % 2 ** 32}`,
        ),
    )
    const open = frames.filter(
      (frame) =>
        Number(frame['tcp.flags']) === 2 &&
        !answers.has(`${end(frame, 'src')} ${end(frame, 'dst')} ${frame['tcp.seq_raw']}`),
    )
    const rows = [...groupBy(open, ({ src }) => src)].map(([src, syns]) => [
      src,
      `${new Set(syns.map((frame) => end(frame, 'dst'))).size}`,
      `${new Set(syns.map((frame) => `${frame['tcp.srcport']} ${frame['tcp.seq_raw']}`)).size}`,
      `${syns.length}`,
    ])
    expect(answerTo(4)).toEqual(rows)
  })

  test('6: the 95th percentile', () => {
    const seconds = groupBy(office, ({ ns }) => Number(ns / SECOND))
    const [first, last] = [Math.min(...seconds.keys()), Math.max(...seconds.keys())]
    const rates = Array.from({ length: last - first + 1 }, (_, i) => 8 * bytesOf(seconds.get(first + i) ?? [])).sort(
      (a, b) => a - b,
    )
    const rank = (share: number) => rates[Math.ceil(share * rates.length) - 1]
    expect(answerTo(6)).toEqual([[rates.length, rank(0.5), rank(0.95), rates.at(-1)].map(String)])
  })

  test('7: names', () => {
    const named = new Map<string, Set<string>>()
    for (const frame of office) {
      if (!/^(1|True)$/.test(frame['dns.flags.response'])) continue
      for (const address of [...frame['dns.a'].split(','), ...frame['dns.aaaa'].split(',')].filter(
        (text) => text !== '',
      )) {
        named.set(frame['dns.qry.name'], (named.get(frame['dns.qry.name']) ?? new Set()).add(address))
      }
    }
    const rows = answerTo(7).filter(([, source]) => source === 'dns')
    expect(rows.length).toBeGreaterThan(3)
    for (const [name, , bytes, packets] of rows) {
      const frames = office.filter(({ src, dst }) => named.get(name!)!.has(src) || named.get(name!)!.has(dst))
      expect([name, bytes, packets]).toEqual([name, `${bytesOf(frames)}`, `${frames.length}`])
    }
  })

  test('8: new hosts', () => {
    const before = new Set(framesOf('any-sll2.pcap').map(({ src }) => src))
    const hosts = new Set(
      office.filter((frame) => frame['ip.src'] !== '' || frame['ipv6.src'] !== '').map(({ src }) => src),
    )
    expect(answerTo(8).map(([src]) => src)).toEqual([...hosts].filter((src) => !before.has(src)).sort())
  })

  test('9: VLANs', () => {
    const frames = framesOf('vlan.pcapng', 'qinq.pcapng', 'arp.pcap')
    const rows = [...groupBy(frames, (frame) => tagsOf(frame))].map(([vlan, of]) => [
      vlan,
      `${of.length}`,
      `${bytesOf(of)}`,
      `${Number(((100 * bytesOf(of)) / bytesOf(frames)).toFixed(1))}`,
    ])
    expect(answerTo(9)).toEqual(rows.sort((a, b) => Number(b[2]) - Number(a[2])))
  })

  test('10: silence', () => {
    const flows = groupBy(office, (frame) =>
      [
        frame.src,
        frame['tcp.srcport'] || frame['udp.srcport'],
        frame.dst,
        frame['tcp.dstport'] || frame['udp.dstport'],
        frame['ip.proto'],
        frame['ipv6.nxt'],
      ].join(' '),
    )
    const longest = [...flows.values()]
      .flatMap((frames) => {
        const gaps = frames.slice(1).map((frame, i) => Number(frame.ns - frames[i]!.ns))
        return gaps.length === 0 ? [] : [{ frame: frames[0]!, gap: Math.max(...gaps) }]
      })
      .sort((a, b) => b.gap - a.gap)
      .slice(0, 4)
    expect(answerTo(10).map((row) => [row[0], row[2], row[5]])).toEqual(
      longest.map(({ frame, gap }) => [frame.src, frame.dst, String(gap / 1e9)]),
    )
  })
})
