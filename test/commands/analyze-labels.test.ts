/** What is looked up for rows, in the whole command: services, vendors, places, ids, times, and Zeek's log of it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { ACTIVE, ATTACKS } from '../support/attack-text.ts'
import { captureFiles, capturesFolder } from '../support/captures.ts'
import { mmdb } from '../support/mmdb.ts'
import { analyzeHere, runHere } from '../support/run-here.ts'
import { missingTools, output } from '../support/tools.ts'
import { parseZeekLog } from '../support/zeek-log.ts'

const folder = temporaryFolder()
const office = `${capturesFolder}office.pcapng`
const noTshark = missingTools('tshark') !== null

interface Line {
  readonly type: string
  readonly [name: string]: unknown
}

async function rowsOf(...args: string[]): Promise<Line[]> {
  const text = await analyzeHere([...args, '-T', 'jsonl'])
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line))
  return lines.filter(({ type, other }) => type === 'row' && other !== true)
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

describe('Community ID', () => {
  /** Wireshark takes the innermost packet of a tunnel, and in the last fragment the ports of the packet that it has put together. */
  const others = /^(6in4|gre|ipip|geneve|gtp-u|teredo|vxlan|fragments|ipv6-extensions|pcapng-simple-packets)\./
  const sound = captureFiles().filter((name) => !others.test(name) && !name.includes('/'))

  test.skipIf(noTshark)('is what Wireshark says, of every flow of the captures', { timeout: 120_000 }, async () => {
    let ids = 0
    for (const name of sound) {
      const file = capturesFolder + name
      const fields = ['--enable-protocol', 'communityid', '-T', 'fields', '-e', 'communityid']
      const theirs = new Set(
        output('tshark', ['-r', file, ...fields])
          .split('\n')
          .filter((id) => id !== ''),
      )
      for (const by of ['flow', 'conversation']) {
        const { text } = await runHere([file, '--by', by, '--community-id', '-n', '-T', 'jsonl'])
        const ours = [...text.matchAll(/"community_id":"([^"]+)"/g)].map(([, id]) => id!)
        expect({ name, by, ids: new Set(ours) }).toEqual({ name, by, ids: theirs })
        ids += ours.length
      }
    }
    expect(ids).toBeGreaterThan(300)
  })

  test('both directions of a conversation have one, ICMP too', async () => {
    const flows = await rowsOf(office, '--by', 'flow', '--community-id', '-n')
    const conversations = await rowsOf(office, '--by', 'conversation', '--community-id', '-n')
    const idsOf = (rows: readonly Line[]) => new Set(rows.map((row) => row.community_id))
    expect(idsOf(flows)).toEqual(idsOf(conversations))
    const pings = conversations.filter(({ protocol }) => protocol === 'ICMP')
    expect(pings.map(({ src_port, dst_port }) => [src_port, dst_port])).toContainEqual([8, null])
    expect(pings.every(({ packets, sent_packets }) => packets === 2 * (sent_packets as number))).toBe(true)
  })

  test('without it ICMP has no ports', async () => {
    const flows = await rowsOf(office, '--by', 'flow', '-n')
    const ports = flows.filter(({ protocol }) => protocol === 'ICMP').map(({ src_port }) => src_port)
    expect(new Set(ports)).toEqual(new Set([null]))
  })
})

describe('--geoip', () => {
  const country = write(
    'country.mmdb',
    mmdb(
      { '203.0.113.0/24': { country: { iso_code: 'SE' } }, '2001:db8::/32': { country: { iso_code: 'NO' } } },
      { type: 'X-Country' },
    ),
  )
  const hostile = write(
    'hostile.mmdb',
    mmdb(
      Object.fromEntries(
        Object.values(ATTACKS).map((text, i) => [
          `${['203.0.113.0', '192.168.1.0', '10.0.0.0', '198.51.100.0'][i % 4]}/${24 + Math.floor(i / 4)}`,
          { autonomous_system_number: 64496 + i, autonomous_system_organization: text, country: { iso_code: text } },
        ]),
      ),
    ),
  )

  test('rows have what the files know', async () => {
    const rows = await rowsOf(office, '--by', 'dst', '--geoip', country, '--geoip', hostile)
    const of = (address: string) => rows.find(({ dst }) => dst === address)!
    expect(of('203.0.113.10').dst_country).toBe('SE')
    expect(of('2001:db8:80::10')).toMatchObject({ dst_country: 'NO', dst_asn: null, dst_as_name: null })
    expect(of('192.168.1.1').dst_asn).toBeGreaterThan(64495)
    expect(rows.filter(({ dst }) => String(dst).startsWith('fd')).map((row) => row.dst_country)).toEqual([null, null])
  })

  test.each(['text', 'md', 'json', 'jsonl'])('what they say does nothing to who reads it: %s', async (format) => {
    for (const window of [[], ['-w', '5']]) {
      const text = await analyzeHere([
        office,
        '--by',
        'dst',
        '--geoip',
        hostile,
        '--top',
        'all',
        '-T',
        format,
        ...window,
      ])
      expect(text).toMatch(/script|red/)
      expect(text).not.toMatch(ACTIVE)
    }
  })

  test.each([
    ['no file', join(folder, 'none.mmdb'), /no such file/],
    ['a capture', office, /not an MMDB file/],
    ['a file that was cut', write('cut.mmdb', mmdb({ '10.0.0.0/8': 'x' }).subarray(0, -20)), /damaged MMDB file/],
  ])('%s: a mistake of usage, before anything is read', async (_name, file, sentence) => {
    const { code, text, complaints } = await runHere([office, '--geoip', file])
    expect([code, text]).toEqual([2, ''])
    expect(complaints[0]).toMatch(/^--geoip: /)
    expect(complaints[0]).toMatch(sentence)
  })

  test('damage that only a lookup meets', async () => {
    // Every record of the tree leads behind the end.
    const bytes = mmdb({ '203.0.113.0/24': { country: { iso_code: 'SE' } } })
    const at = bytes.indexOf(Buffer.alloc(16))
    for (let i = 0; i < at; i += 3) if (bytes.readUIntBE(i, 3) > at / 6) bytes.writeUIntBE(0xfffff0, i, 3)
    const { code, complaints } = await runHere([office, '--by', 'dst', '--geoip', write('behind.mmdb', bytes)])
    expect([code, complaints.length]).toEqual([1, 1])
    expect(complaints[0]).toMatch(/behind\.mmdb: damaged MMDB file: its parts do not fit together$/)
  })
})

describe('--times', () => {
  test.skipIf(noTshark)('are those of the frames, by tshark', async () => {
    const flows = await rowsOf(office, '--by', 'flow', '--times', '-n')
    const fields = ['frame.time_epoch', 'ip.src', 'udp.srcport', 'ip.dst', 'udp.dstport'].flatMap((field) => [
      '-e',
      field,
    ])
    const times = new Map<string, string[]>()
    for (const line of output('tshark', ['-r', office, '-Y', 'udp && ip', '-T', 'fields', ...fields])
      .trimEnd()
      .split('\n')) {
      const [time, ...key] = line.split('\t')
      const known = times.get(key.join(' ')) ?? []
      times.set(key.join(' '), [...known, time!.replace('.', '')])
    }
    expect(times.size).toBeGreaterThan(10)
    for (const [key, seen] of times) {
      const flow = flows.find(
        ({ src, src_port, dst, dst_port, protocol }) =>
          protocol === 'UDP' && [src, src_port, dst, dst_port].join(' ') === key,
      )
      expect({ key, first: flow?.first_seen_ns, last: flow?.last_seen_ns }).toEqual({
        key,
        first: seen.at(0),
        last: seen.at(-1),
      })
    }
  })

  test('any number of jobs says the same, and rows can be sorted by them', async () => {
    const args = [office, '--by', 'conversation', '--times', '--sort', 'first_seen', '-T', 'csv']
    const one = await analyzeHere([...args, '--jobs', '1'])
    expect(await analyzeHere([...args, '--jobs', '3'])).toBe(one)
    const header = one.split('\n')[0]!.split(',')
    const firsts = one
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[header.indexOf('first_seen')])
    expect(firsts).toEqual([...firsts].sort())
  })

  test('not of windows', async () => {
    expect((await runHere([office, '--times', '-w', '1'])).code).toBe(2)
  })
})

describe('--format zeek', () => {
  test('every capture gives a log that can be read', async () => {
    for (const name of captureFiles().filter((file) => !file.includes('/'))) {
      const { text } = await runHere([capturesFolder + name, '--format', 'zeek'])
      if (text === '') continue
      const { path, rows } = parseZeekLog(text)
      expect(path).toBe('conn')
      const times = rows.map(({ ts }) => Number(ts)).filter((time) => !Number.isNaN(time))
      expect({ name, times }).toEqual({ name, times: [...times].sort((a, b) => a - b) })
      expect(new Set(rows.map(({ uid }) => uid)).size).toBe(rows.length)
    }
  })

  test.skipIf(noTshark)('has the conversations of tshark, packets both ways', async () => {
    const { rows } = parseZeekLog(await analyzeHere([office, '--format', 'zeek']))
    const ours = rows
      .filter(({ proto }) => proto === 'tcp' || proto === 'udp')
      .map(
        (row) =>
          `${row['id.orig_h']} ${row['id.orig_p']} ${row['id.resp_h']} ${row['id.resp_p']} ${row.orig_pkts} ${row.resp_pkts}`,
      )
    const theirs = ['tcp', 'udp'].flatMap((protocol) =>
      [
        ...output('tshark', ['-r', office, '-q', '-n', '-z', `conv,${protocol}`]).matchAll(
          /^(\S+):(\d+) +<-> (\S+):(\d+) +(\d+) \d.*?(?:bytes|kB|MB) +(\d+) /gm,
        ),
      ].map(
        ([, source, sourcePort, destination, destinationPort, back, there]) =>
          `${source} ${sourcePort} ${destination} ${destinationPort} ${there} ${back}`,
      ),
    )
    expect(theirs.length).toBeGreaterThan(20)
    expect(ours.sort()).toEqual(theirs.sort())
  })

  test.skipIf(missingTools('awk') !== null)('can be cut by field names, as zeek-cut does', async () => {
    const log = write('conn.log', Buffer.from(await analyzeHere([office, '--format', 'zeek'])))
    const program = `$1 == "#fields" { for (i = 2; i <= NF; i++) at[$i] = i - 1 } !/^#/ { print $at["proto"], $at["conn_state"] }`
    const lines = output('awk', ['-F', '\\t', program, log]).trimEnd().split('\n')
    expect(lines.filter((line) => line === 'tcp SF').length).toBe(4)
    expect(lines).toContain('udp S0')
  })
})
