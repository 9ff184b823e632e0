/** What tshark, capinfos and editcap say of the same captures. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { FindingKind } from '../../src/check/finding.ts'
import { captureFiles, capturesFolder, readOracle } from '../support/captures.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { missingTools } from '../support/tools.ts'
import { checkCaptures } from './check-captures.ts'

const missing = missingTools('tshark', 'editcap')
if (missing !== null) console.log(`what other tools find in captures: skipped, ${missing}`)

const FIELDS = [
  'frame.len',
  'frame.cap_len',
  'frame.time_delta',
  'tcp.analysis.ack_lost_segment',
  'tcp.flags',
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'tcp.srcport',
  'tcp.dstport',
]

interface Conversation {
  readonly senders: Set<string>
  acknowledged: boolean
  began: boolean
}

/** The same counts, by tshark's dissection. The outermost addresses count, so captures of tunnels do not fit here. */
function witness(path: string) {
  const options = ['-n', '-r', path, '-T', 'fields', '-E', 'occurrence=f', ...FIELDS.flatMap((field) => ['-e', field])]
  const text = execFileSync('tshark', options, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const rows = text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t') as [string, string, ...string[]])
  const conversations = new Map<string, Conversation>()
  for (const [, , , , flags, ip, ipTo, ipv6, ipv6To, port, portTo] of rows) {
    if (!flags || !port) continue
    const ends = [`${ip || ipv6} ${port}`, `${ipTo || ipv6To} ${portTo}`]
    const key = ends.toSorted().join(' ')
    const known = conversations.get(key) ?? { senders: new Set(), acknowledged: false, began: false }
    known.senders.add(ends[0]!)
    known.acknowledged ||= (Number(flags) & 0x10) !== 0
    known.began ||= (Number(flags) & 2) !== 0
    conversations.set(key, known)
  }
  const all = [...conversations.values()]
  const count = (holds: (row: (typeof rows)[0]) => boolean) => rows.filter(holds).length
  return {
    frames: rows.length,
    conversations: all.length,
    snaplen: count(([length, captured]) => Number(captured) < Number(length)),
    'time-backwards': count(([, , delta]) => delta!.startsWith('-')),
    'lost-segments': count(([, , , lost]) => lost !== ''),
    'one-way': all.filter(({ senders, acknowledged }) => senders.size === 1 && acknowledged).length,
    'no-handshake': all.filter(({ began }) => !began).length,
  }
}

async function ours(path: string): Promise<ReturnType<typeof witness>> {
  const { report, of } = await checkCaptures([path])
  const count = (kind: FindingKind) => of(kind)?.count ?? 0
  return {
    frames: report!.capture.frames,
    conversations: report!.tcpConversations,
    snaplen: count('snaplen'),
    'time-backwards': count('time-backwards'),
    'lost-segments': count('lost-segments'),
    'one-way': count('one-way'),
    'no-handshake': count('no-handshake'),
  }
}

const CAPTURES = [
  'office.pcapng',
  'office-snaplen-96.pcap',
  'any-sll.pcapng',
  'any-sll2.pcap',
  'two-interfaces.pcapng',
  'loopback.pcapng',
  'fragments.pcapng',
  'qinq.pcapng',
  'pppoe.pcap',
  'raw.pcap',
  'ip-malformed.pcap',
  'time-backwards.pcap',
]
const CORPUS = [
  'PcapPlusPlus/4KHttpRequests.pcap',
  'PcapPlusPlus/650HttpResponses.pcap',
  'PcapPlusPlus/three_http_streams.pcap',
  'PcapPlusPlus/one_tcp_stream_fin_packet.pcap',
  'PcapPlusPlus/one_tcp_stream_retransmission_with_new_data.pcap',
  'PcapPlusPlus/many_interfaces-1.pcapng',
].filter((path) => corpusMissing === null && existsSync(corpusFile(path)))

describe.skipIf(missing !== null)('tshark', () => {
  test.each([...CAPTURES.map((name) => capturesFolder + name), ...CORPUS.map(corpusFile)])('%s', async (path) => {
    expect(await ours(path)).toEqual(witness(path))
  })
})

test('strict time order, by capinfos', async () => {
  for (const name of captureFiles()) {
    const order = readOracle(name).capinfos['Strict time order']
    // Of cut files it does not say; it takes frames without a time for ordered.
    if (order !== 'True' && order !== 'False') continue
    // Its capinfos takes seconds beyond 2^31 for times before 1970.
    if (name === 'time-gap-of-a-century.pcap') continue
    const { report, of } = await checkCaptures([capturesFolder + name])
    if (report === null || report.capture.damage.length > 0) continue
    expect([name, of('time-backwards') === undefined]).toEqual([name, order === 'True'])
  }
})

describe.skipIf(missing !== null)('editcap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netkit-check-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** A capture that has each of its frames a second time, so many seconds later. */
  function mirrored(path: string, seconds: string): string {
    const later = join(folder, 'later.pcapng')
    const both = join(folder, `both-${basename(path)}`)
    execFileSync('editcap', ['-t', seconds, path, later])
    execFileSync('mergecap', ['-w', both, path, later])
    return both
  }

  /** Copies that are equal in every byte, at most so many seconds behind. */
  function removed(path: string, seconds: string): number {
    const script = 'editcap -w "$1" "$2" "$3" 2>&1'
    const said = execFileSync('sh', ['-c', script, 'sh', seconds, path, join(folder, 'once')], { encoding: 'utf8' })
    return Number(/(\d+) packets? skipped/.exec(said)![1])
  }

  test.each(['office.pcapng', 'vlan.pcapng', '6in4.pcapng', 'arp.pcap', 'ieee80211.pcap'])(
    'finds the same copies in a mirrored %s, and removes them',
    async (name) => {
      const both = mirrored(capturesFolder + name, '0.00005')
      const { of, report } = await checkCaptures([both])
      expect(of('duplicates')!.count).toBe(removed(both, '0.01'))
      expect(of('duplicates')).toMatchObject({ severity: 'warning', of: report!.capture.frames })
      expect((await checkCaptures([join(folder, 'once')])).of('duplicates')).toBeUndefined()
    },
  )

  test('a second later they are none', async () => {
    const both = mirrored(`${capturesFolder}vlan.pcapng`, '0.5')
    expect(removed(both, '0.01')).toBe(0)
    expect((await checkCaptures([both])).of('duplicates')).toBeUndefined()
  })
})
