/** --anonymize as a user runs it: nothing of the original is in any output, and tshark reads what was written. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Anonymizer } from '../../src/anonymize/anonymizer.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { addressOctets } from '../../src/names/address-octets.ts'
import { REFERENCE_KEY } from '../anonymize/reference-vectors.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { captureFiles } from '../support/captures.ts'
import { netkit } from '../support/netkit-process.ts'
import { startTmux, tmuxMissing } from '../support/tmux.ts'
import { missingTools, output } from '../support/tools.ts'

const folder = temporaryFolder()
const path = (name: string) => join(folder, name)
const key = path('key')
writeFileSync(key, REFERENCE_KEY)
chmodSync(key, 0o600)

const OFFICE = 'test/pcaps/office.pcapng'
const ALL = captureFiles()
  // Of headers that contradict themselves nothing stays, and tshark reads some of them.
  .filter((file) => !file.includes('/') && file !== 'ip-malformed.pcap')
  .map((file) => `test/pcaps/${file}`)
const anonymizer = new Anonymizer(REFERENCE_KEY)
const reason = missingTools('tshark')
if (reason !== null) console.log(`what tshark reads of anonymized captures is skipped: ${reason}`)

/** All that a reader of the office's traffic must not learn. */
interface Secrets {
  readonly addresses: readonly Uint8Array[]
  readonly names: readonly string[]
}

let secrets: Secrets

beforeAll(async () => {
  const read = async (by: string) => JSON.parse((await netkit(['analyze', OFFICE, '--by', by, '-T', 'json'])).stdout)
  const hosts = await read('host')
  const macs = await read('mac')
  const texts = hosts.rows.map(({ host }: { host: string }) => host) as string[]
  const mac = (text: string) => Uint8Array.from(text.split(':'), (octet) => Number.parseInt(octet, 16))
  const addresses = [
    ...texts.map((text) => (text.includes(':') && text.length === 17 ? mac(text) : ipOf(text))),
    ...macs.rows.flatMap((row: { src_mac: string; dst_mac: string }) => [mac(row.src_mac), mac(row.dst_mac)]),
  ]
  const names = (hosts.capture.names as { name: string }[]).map(({ name }) => name)
  const hidden = addresses.filter((bytes) => Buffer.compare(anonymizer.address(bytes), bytes) !== 0)
  secrets = { addresses: hidden, names: [...new Set(names)] }
  expect(secrets.addresses.length).toBeGreaterThan(20)
  expect(secrets.names.length).toBeGreaterThan(5)
})

function ipOf(text: string): Uint8Array {
  return Uint8Array.from(addressOctets(text)!)
}

/** Text and labels of DNS that are in the bytes and should not be; addresses as text and as they are on the wire. */
function leaks(bytes: Buffer, binary: boolean): string[] {
  const text = bytes.toString('latin1')
  const found = secrets.addresses.flatMap((address) => {
    const written = formatAddress(address)
    const isThere =
      new RegExp(`(?<![0-9a-f.:])${written.replaceAll('.', '\\.')}(?![0-9a-f:]|\\.\\d)`, 'i').test(text) ||
      (binary && bytes.includes(Buffer.from(address)))
    return isThere ? [written] : []
  })
  for (const name of secrets.names) {
    if (text.toLowerCase().includes(name.toLowerCase())) found.push(name)
    // The labels that say whose it is, as DNS writes them.
    const labels = name.split('.').filter((label) => label.length >= 5 && label !== 'example' && label !== 'files')
    if (binary) found.push(...labels.filter((label) => text.toLowerCase().includes(label.toLowerCase())))
  }
  for (const word of ['office.pcapng', 'eth0']) if (text.includes(word)) found.push(word)
  return found
}

describe('nothing of the original is in', () => {
  test('the captures as they are, everything is: so the search finds what there is', async () => {
    const plain = Buffer.from((await netkit(['analyze', OFFICE, '--by', 'host', '-T', 'json'])).stdout)
    expect(leaks(plain, false).length).toBeGreaterThan(20)
    const frames = readFileSync(OFFICE)
    expect(leaks(frames, true).length).toBeGreaterThan(secrets.addresses.length / 2)
  })

  test.each<string[]>([
    ...['text', 'csv', 'tsv', 'json', 'jsonl', 'md'].map((format) => ['analyze', '-T', format]),
    ['analyze', '-T', 'zeek', '--by', 'conversation'],
    ['analyze', '-T', 'csv', '-w', '5', '--by', 'mac'],
    ['analyze', '-T', 'csv', '--by', 'src/24/56,dst/24/56'],
    ['analyze', '-T', 'json', '--by', 'flow,mac,interface'],
    ['analyze', '--by', 'host'],
    ['analyze', '--tcp', '--community-id'],
    ['log', '-T', 'text'],
    ['log', '-T', 'csv'],
    ['log', '-T', 'jsonl'],
    ['check', '-T', 'json'],
    ['check'],
    ['report', '--check', '--tcp', '--filter', 'host 10.20.0.10 or not host 10.20.0.10'],
  ])('%s %s %s %s', async (command, ...args) => {
    const { stdout, stderr, code } = await netkit([command!, OFFICE, ...args, '--anonymize', key])
    expect([stderr.split('\n').filter((line) => !line.startsWith('netkit: logged')), code! % 3]).toEqual([[''], 0])
    expect(stdout.length).toBeGreaterThan(200)
    expect(leaks(Buffer.from(stdout), false)).toEqual([])
  })

  test('a difference', async () => {
    for (const format of ['text', 'json', 'csv', 'md']) {
      const { stdout, code } = await netkit(['diff', OFFICE, OFFICE, '-T', format, '--top', 'all', '--anonymize', key])
      expect(code).toBe(0)
      expect(leaks(Buffer.from(stdout), false)).toEqual([])
    }
  })

  test('Parquet and pcapng', async () => {
    for (const name of ['frames.parquet', 'frames.pcapng']) {
      expect((await netkit(['log', OFFICE, '-q', '-o', path(name), '--anonymize', key])).code).toBe(0)
      expect(leaks(readFileSync(path(name)), true)).toEqual([])
    }
    const rows = path('rows.parquet')
    expect((await netkit(['analyze', OFFICE, '-q', '-o', rows, '--anonymize', key])).code).toBe(0)
    expect(leaks(readFileSync(rows), true)).toEqual([])
  })
})

test('the analysis of the hidden frames is the hidden analysis of the frames', async () => {
  const shared = path('shared.pcapng')
  expect((await netkit(['log', OFFICE, '-q', '-o', shared, '--anonymize', key])).code).toBe(0)
  const rows = async (...args: string[]) => {
    const { stdout } = await netkit(['analyze', ...args, '-n', '-T', 'json'])
    // A label is told where it does not say how the real address begins.
    return JSON.parse(stdout).rows.map((row: object) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !/_name/.test(name))),
    )
  }
  for (const args of [
    ['--by', 'flow,mac'],
    ['--by', 'src/24/56,service'],
    ['--by', 'conversation', '--tcp', '--community-id'],
  ]) {
    const hidden = await rows(OFFICE, ...args, '--anonymize', key)
    expect(hidden.length).toBeGreaterThan(5)
    expect(sorted(await rows(shared, ...args))).toEqual(sorted(hidden))
  }
})

/** Ends and directions in the order of the addresses that are shown: which of two stands first followed from those that were read. */
function sorted(rows: readonly Record<string, unknown>[]): string[] {
  return rows.map((row) => JSON.stringify(Object.values(row).map(String).sort())).sort()
}

test.skipIf(tmuxMissing !== null)('nothing of the original is on the screen', async () => {
  const terminal = await startTmux(160, 40)
  try {
    terminal.keys(`node bin/run.js live -r ${OFFICE} --speed 1000 --anonymize '${key}'`, 'Enter')
    const screen = await terminal.until(/end of file[\s\S]*n[0-9a-f]{10}/)
    expect(screen).toContain('file 1')
    terminal.keys('Enter')
    const detail = await terminal.until(/last 60 s/)
    for (const shown of [screen, detail]) expect(leaks(Buffer.from(shown), false)).toEqual([])
  } finally {
    terminal.close()
  }
})

test('what is grouped and filtered is the original: all numbers are the same', async () => {
  const numbers = async (...args: string[]) => {
    const { stdout } = await netkit(['analyze', OFFICE, '-T', 'json', '--sort', 'bytes', ...args])
    return JSON.parse(stdout)
      .rows.map(({ packets, bytes }: Record<string, number>) => [packets, bytes])
      .sort()
  }
  for (const args of [
    ['--by', 'host'],
    ['--by', 'pair', '--filter', 'net 10.20.0.0/16'],
  ]) {
    expect(await numbers(...args, '--anonymize', key)).toEqual(await numbers(...args))
  }
})

describe('what tshark reads of all captures as one', { skip: reason !== null }, () => {
  let before: string
  let after: string

  beforeAll(async () => {
    before = path('before.pcapng')
    after = path('after.pcapng')
    expect((await netkit(['log', ...ALL, '-q', '-o', before])).stderr).toBe('')
    expect((await netkit(['log', ...ALL, '-q', '-o', after, '--anonymize', key])).stderr).toBe('')
  })

  const PREFERENCES = ['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams'].map((name) => `${name}:FALSE`)
  const CHECKS = ['ip', 'tcp', 'udp'].map((name) => `${name}.check_checksum:TRUE`)
  const SAME = [
    ...['frame.len', 'frame.time_epoch', 'eth.type', 'vlan.id', 'ip.proto', 'ip.len', 'ipv6.plen', 'ipv6.nxt'],
    ...[
      'tcp.srcport',
      'tcp.dstport',
      'tcp.seq_raw',
      'tcp.flags',
      'tcp.len',
      'udp.srcport',
      'udp.dstport',
      'udp.length',
    ],
    ...['icmp.type', 'icmp.code', 'icmpv6.type', 'arp.opcode', 'gre.proto', 'vxlan.vni', 'sctp.srcport', 'gtp.teid'],
  ]
  const ADDRESSES = [
    ...['eth.src', 'eth.dst', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'arp.src.proto_ipv4', 'arp.dst.proto_ipv4'],
    ...['arp.src.hw_mac', 'arp.dst.hw_mac', 'icmpv6.nd.ns.target_address', 'icmpv6.opt.linkaddr', 'wlan.addr'],
  ]

  function fields(file: string, names: readonly string[]): string[][] {
    const wanted = names.flatMap((name) => ['-e', name])
    const options = PREFERENCES.flatMap((preference) => ['-o', preference])
    return output('tshark', ['-n', '-r', file, ...options, '-T', 'fields', '-E', 'occurrence=a', ...wanted])
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'))
  }

  test('frames, lengths, times, ports and protocols are those of the original, and addresses have one other each', () => {
    const names = [...SAME, ...ADDRESSES, 'frame.protocols']
    const original = fields(before, names)
    const hidden = fields(after, names)
    expect(hidden).toHaveLength(original.length)
    expect(original.length).toBeGreaterThan(3000)
    const aliases = new Map<string, string>()
    const originals = new Map<string, string>()
    const differences: string[] = []
    for (const [i, row] of original.entries()) {
      const other = hidden[i]!
      SAME.forEach((name, at) => {
        if (row[at] !== other[at]) differences.push(`${i + 1} ${name}: ${row[at]} is ${other[at]}`)
      })
      if (!row.at(-1)!.startsWith(other.at(-1)!)) differences.push(`${i + 1}: ${row.at(-1)} is ${other.at(-1)}`)
      ADDRESSES.forEach((name, at) => {
        const [of, is] = [row, other].map((values) => values[SAME.length + at]!.split(','))
        if (of!.length !== is!.length) differences.push(`${i + 1} ${name}: ${of} is ${is}`)
        for (const [n, address] of of!.entries()) {
          if (!aliases.has(address)) aliases.set(address, is![n]!)
          if (!originals.has(is![n]!)) originals.set(is![n]!, address)
          if (aliases.get(address) !== is![n] || originals.get(is![n]!) !== address) {
            differences.push(`${i + 1} ${name}: ${address} is ${is![n]}, and ${aliases.get(address)}`)
          }
        }
      })
    }
    expect(differences.slice(0, 10)).toEqual([])
    expect(aliases.size).toBeGreaterThan(50)
    expect([...aliases].filter(([address, alias]) => address === alias).length).toBeLessThan(30)
  })

  test('no checksum is wrong, and those of whole packets are right', () => {
    const options = CHECKS.flatMap((check) => ['-o', check])
    const count = (filter: string) =>
      output('tshark', ['-n', '-r', after, ...options, '-Y', filter, '-T', 'fields', '-e', 'frame.number'])
        .split('\n')
        .filter(Boolean).length
    const status = (value: number) =>
      ['ip', 'tcp', 'udp', 'icmp', 'icmpv6'].map((name) => `${name}.checksum.status==${value}`)
    expect(count(status(0).join('||'))).toBe(0)
    for (const at of [0, 1, 4]) expect(count(status(1)[at]!)).toBeGreaterThan(5)
  })

  test('conversations are as they were, by other names', () => {
    const KINDS = ['eth', 'ip', 'ipv6', 'tcp', 'udp']
    const tables = (file: string) => {
      const options = PREFERENCES.flatMap((preference) => ['-o', preference])
      const kinds = KINDS.flatMap((kind) => ['-z', `conv,${kind}`])
      const text = output('tshark', ['-n', '-q', '-r', file, ...options, ...kinds])
      return text
        .split(/^(?=\S+ Conversations)/m)
        .slice(1)
        .map((table) => {
          // Frames and bytes of both directions, the start and the length: which address stands first is another one.
          const lines = table.split('\n').filter((line) => line.includes('<->'))
          return lines.map((line) => /(\d+ \d+ \w+)\s+([\d.]+)\s+([\d.]+)\s*$/.exec(line)!.slice(1).join(' ')).sort()
        })
    }
    const [original, hidden] = [tables(before), tables(after)]
    expect(original).toHaveLength(KINDS.length)
    expect(original.every((lines) => lines.length > 3)).toBe(true)
    expect(hidden).toEqual(original)
  })
})

test('the same key hides in the same way in every run and every command', async () => {
  const csv = async (...args: string[]) => (await netkit([...args, '-T', 'csv', '--anonymize', key])).stdout
  const rows = await csv('analyze', OFFICE, '--by', 'src')
  expect(await csv('analyze', OFFICE, '--by', 'src')).toBe(rows)
  const column = (text: string) =>
    new Set(
      text
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(',')[2]!),
    )
  expect(column(rows).size).toBeGreaterThan(5)
  expect(column(await csv('log', OFFICE))).toEqual(column(rows))
})

describe('keys', () => {
  const run = (...args: string[]) => netkit(['analyze', OFFICE, '-T', 'csv', ...args])

  test('hexadecimal, with a line break', async () => {
    const hex = path('hex')
    writeFileSync(hex, `${Buffer.from(REFERENCE_KEY).toString('hex')}\n`, { mode: 0o600 })
    expect((await run('--anonymize', hex)).stdout).toBe((await run('--anonymize', key)).stdout)
  })

  test('what is none, and what is not there', async () => {
    const none = path('none')
    writeFileSync(none, 'secret', { mode: 0o600 })
    const { code, stdout, stderr } = await run('--anonymize', none)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.split('\n')[0]).toBe(
      `netkit: --anonymize: ${none} is no key: it holds neither 32 bytes nor 64 hex digits (openssl rand -hex 32 makes one)`,
    )
    expect((await run('--anonymize', path('missing'))).stderr).toContain(`cannot read ${path('missing')}: no such file`)
    expect((await run('--anonymize', folder)).stderr).toContain('it is a folder')
  })

  test('one that others can read: a warning', async () => {
    const open = path('open')
    writeFileSync(open, REFERENCE_KEY)
    chmodSync(open, 0o644)
    const { code, stderr } = await run('--anonymize', open)
    expect([code, stderr]).toEqual([0, `netkit: --anonymize: others can read ${open}; chmod 600 keeps the key yours\n`])
  })

  test('what would say nonsense of other addresses is refused', async () => {
    for (const [flag, sentence] of [
      ['--resolve', 'DNS knows nothing of the addresses that are shown'],
      ['--vendors', 'only beside --keep-vendor'],
    ] as const) {
      const { code, stderr } = await run('--by', 'mac', '--anonymize', key, flag)
      expect([code, stderr.includes(sentence)]).toEqual([2, true])
    }
    const kept = await run('--by', 'mac', '--anonymize', key, '--vendors', '--keep-vendor')
    expect(kept.code).toBe(0)
    expect((await run('--keep-vendor')).code).toBe(2)
  })
})
