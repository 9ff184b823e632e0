import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Analysis, AnalysisRecord, KeyColumn, KeyValue, Row, SpanRecord } from '../../src/engine/records.ts'
import { createReverseDns } from '../../src/node/reverse-dns.ts'
import { type Clock, type HostNames, resolveNames } from '../../src/pipeline/resolve-names.ts'
import { type Reply, startDnsServer } from '../support/dns-server.ts'

const PAIR: readonly KeyColumn[] = ['src', 'src_name', 'dst', 'dst_name', 'protocol', 'protocol_number']
const PUBLIC = 'No-DNS'
const PRIVATE = 'Private Network'

function analysis(columns: readonly KeyColumn[], windowNs: bigint | null = null): Analysis {
  return { columns, windowNs, basis: 'frame', bidirectional: false }
}

function row(...key: KeyValue[]): Row {
  return { key, packets: 1, bytes: 100, bitsPerSecond: 800 }
}

function span(rows: readonly Row[]): SpanRecord {
  const total = { packets: rows.length, bytes: 100 * rows.length }
  return { type: 'span', startNs: 0n, endNs: 1_000_000_000n, rows, other: null, total }
}

/** A span from one public host to `count` others, from 11.0.0.0 + `first` on. */
function spanOf(count: number, first = 0): SpanRecord {
  const rows = Array.from({ length: count }, (_, i) =>
    row('90.130.70.73', PUBLIC, address(first + i), PUBLIC, 'TCP', 6),
  )
  return span(rows)
}

function address(i: number): string {
  return `11.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
}

async function* stream(records: Iterable<AnalysisRecord>): AsyncGenerator<AnalysisRecord> {
  yield* records
}

async function collect(records: AsyncIterable<AnalysisRecord>): Promise<AnalysisRecord[]> {
  const all: AnalysisRecord[] = []
  for await (const record of records) all.push(record)
  return all
}

function keysOf(record: AnalysisRecord | undefined): (readonly KeyValue[])[] {
  return (record as SpanRecord).rows.map(({ key }) => key)
}

async function dnsWith(reply: (name: string) => Reply | null, timeoutMs = 500) {
  const server = await startDnsServer(reply)
  const dns = createReverseDns({ servers: [server.address], timeoutMs })
  onTestFinished(() => dns.close())
  return { server, dns }
}

/** Names that come when the test says so. */
function namesByHand(): HostNames & { readonly asked: string[]; answer(address: string, name: string | null): void } {
  const answers = new Map<string, string | null>()
  const waiting = new Map<string, (name: string | null) => void>()
  const asked: string[] = []
  return {
    asked,
    known: (text) => answers.get(text),
    lookup(text) {
      asked.push(text)
      return new Promise((resolve) => waiting.set(text, resolve))
    },
    answer(text, name) {
      answers.set(text, name)
      waiting.get(text)?.(name)
    },
  }
}

/** Time passes only where somebody waits, and then at once. */
function clockByHand(): Clock & { readonly waits: number[]; open: number } {
  let time = 1000
  const clock = {
    waits: [] as number[],
    open: 0,
    now: () => time,
    after(ms: number, callback: () => void) {
      clock.open++
      const timer = setTimeout(() => {
        time += ms
        clock.waits.push(ms)
        clock.open--
        callback()
      }, 0)
      return () => {
        clearTimeout(timer)
        clock.open--
      }
    },
  }
  return clock
}

test('a name takes the place of the label; who has none keeps it', async () => {
  const { dns } = await dnsWith((name) => (name.startsWith('73.') ? { names: ['host.example.com'] } : { rcode: 3 }))
  const rows = [row('90.130.70.73', PUBLIC, '172.21.83.232', PRIVATE, 'TCP', 6)]
  const [record] = await collect(resolveNames(stream([span(rows)]), analysis(PAIR), dns))
  expect(record).toEqual(span([row('90.130.70.73', 'host.example.com', '172.21.83.232', PRIVATE, 'TCP', 6)]))
  expect(keysOf(span(rows))).toEqual([['90.130.70.73', PUBLIC, '172.21.83.232', PRIVATE, 'TCP', 6]])
})

test('hosts, wherever their columns stand', async () => {
  const { dns } = await dnsWith(() => ({ names: ['host.example.com'] }))
  const columns: KeyColumn[] = ['protocol', 'host', 'host_name']
  const [record] = await collect(
    resolveNames(stream([span([row('TCP', '10.0.0.1', PRIVATE)])]), analysis(columns), dns),
  )
  expect(keysOf(record)).toEqual([['TCP', '10.0.0.1', 'host.example.com']])
})

test('only addresses that can have a name are asked for, each once', async () => {
  const { dns, server } = await dnsWith(() => ({ names: ['host.example.com'] }))
  const others: [KeyValue, KeyValue][] = [
    ['224.0.0.251', 'Multicast'],
    ['255.255.255.255', 'Broadcast'],
    ['127.0.0.1', 'Localhost'],
    ['fe80::1', 'Link-Local'],
    ['192.0.2.1', 'Documentation'],
    ['0.0.0.0', 'Unspecified'],
    ['00:11:22:33:44:55', 'Ethernet'],
    ['eth0', 'Interface'],
    ['11.0.0.2', 'known.example'],
    [null, null],
  ]
  const rows = others.map((other) => row('10.0.0.1', PRIVATE, ...other, 'UDP', 17))
  const records = await collect(resolveNames(stream([span(rows), span(rows)]), analysis(PAIR), dns))
  expect(server.questions).toEqual(['1.0.0.10.in-addr.arpa'])
  for (const record of records) {
    expect(keysOf(record)).toEqual(others.map((other) => ['10.0.0.1', 'host.example.com', ...other, 'UDP', 17]))
  }
})

test('other records, and rows without names, pass as they are', async () => {
  const names = namesByHand()
  const idle: AnalysisRecord = { type: 'idle', startNs: 0n, endNs: 5n, windows: 5n }
  expect(await collect(resolveNames(stream([idle]), analysis(PAIR), names))).toEqual([idle])
  const ports = span([row('TCP', 443)])
  expect(await collect(resolveNames(stream([ports]), analysis(['protocol', 'port']), names))).toEqual([ports])
  expect(names.asked).toEqual([])
})

test('one span waits for the budget, and no longer', async () => {
  const clock = clockByHand()
  const names = namesByHand()
  const records = await collect(resolveNames(stream([spanOf(3)]), analysis(PAIR), names, { budgetMs: 700, clock }))
  expect(clock.waits).toEqual([700])
  expect(records).toEqual([spanOf(3)])
})

test('windows wait for less and less, and all of them for no more than the budget', async () => {
  const clock = clockByHand()
  const spans = Array.from({ length: 100 }, (_, i) => spanOf(2, 2 * i))
  const names = namesByHand()
  const records = await collect(resolveNames(stream(spans), analysis(PAIR, 1n), names, { budgetMs: 1000, clock }))
  expect(records).toEqual(spans)
  expect(clock.waits.slice(0, 3)).toEqual([500, 250, 125])
  expect(clock.waits.length).toBeLessThan(12)
  expect(clock.waits.reduce((sum, ms) => sum + ms)).toBeLessThanOrEqual(1000)
})

test('a budget of nothing waits for nothing', async () => {
  const clock = clockByHand()
  const names = namesByHand()
  expect(await collect(resolveNames(stream([spanOf(3)]), analysis(PAIR), names, { budgetMs: 0, clock }))).toHaveLength(
    1,
  )
  expect(clock.waits).toEqual([])
  expect(names.asked).toHaveLength(4)
})

test('waiting ends with the last answer, and leaves no timer', async () => {
  const clock = clockByHand()
  const names = namesByHand()
  const records = resolveNames(stream([spanOf(1)]), analysis(PAIR), names, { clock })
  const first = records.next()
  await Promise.resolve()
  names.answer(address(0), 'zero.example')
  names.answer('90.130.70.73', null)
  expect(keysOf((await first).value)).toEqual([['90.130.70.73', PUBLIC, address(0), 'zero.example', 'TCP', 6]])
  expect(clock).toMatchObject({ waits: [], open: 0 })
})

test('a name that comes late shows in the records that come later', async () => {
  const names = namesByHand()
  const spans = [spanOf(1), spanOf(1), spanOf(1)]
  const records = resolveNames(stream(spans), analysis(PAIR, 1n), names, { budgetMs: 0 })
  expect(keysOf((await records.next()).value)[0]![1]).toBe(PUBLIC)
  expect(keysOf((await records.next()).value)[0]![1]).toBe(PUBLIC)
  names.answer('90.130.70.73', 'late.example')
  expect(keysOf((await records.next()).value)[0]![1]).toBe('late.example')
  expect(names.asked.toSorted()).toEqual(['11.0.0.0', '90.130.70.73'])
})

test('of a million rows the first are asked for, and all show what is known', async () => {
  const names = namesByHand()
  const last = address(999_999)
  names.answer(last, 'last.example')
  const [record] = await collect(resolveNames(stream([spanOf(1_000_000)]), analysis(PAIR), names, { budgetMs: 0 }))
  expect(names.asked).toHaveLength(1001)
  const keys = keysOf(record)
  expect(keys).toHaveLength(1_000_000)
  expect(keys[999_999]).toEqual(['90.130.70.73', PUBLIC, last, 'last.example', 'TCP', 6])
  expect(keys[999_998]).toEqual(['90.130.70.73', PUBLIC, address(999_998), PUBLIC, 'TCP', 6])
})

test('lookups under way are bounded, whatever the number of spans; as they end, others begin', async () => {
  const names = namesByHand()
  const spans = Array.from({ length: 50 }, (_, i) => spanOf(30, 30 * i))
  const options = { budgetMs: 0, askedRows: 10 }
  await collect(resolveNames(stream(spans), analysis(PAIR, 1n), names, options))
  expect(names.asked).toHaveLength(20)

  const again = namesByHand()
  async function* answering() {
    for (const record of spans) {
      for (const text of again.asked) again.answer(text, null)
      await new Promise((resolve) => setTimeout(resolve, 0))
      yield record
    }
  }
  await collect(resolveNames(answering(), analysis(PAIR, 1n), again, options))
  expect(again.asked).toHaveLength(501)
})

test('a server that never answers holds nothing back for longer than the budget', async () => {
  const { dns, server } = await dnsWith(() => null, 60_000)
  const spans = Array.from({ length: 20 }, (_, i) => spanOf(5, 5 * i))
  const start = performance.now()
  const records = await collect(resolveNames(stream(spans), analysis(PAIR, 1n), dns, { budgetMs: 300 }))
  expect(performance.now() - start).toBeLessThan(1000)
  expect(records).toEqual(spans)
  expect(server.questions.length).toBeGreaterThan(0)
})

test('ending early ends the records below', async () => {
  let ended = false
  async function* endless() {
    try {
      while (true) yield spanOf(1)
    } finally {
      ended = true
    }
  }
  const names = namesByHand()
  for await (const _record of resolveNames(endless(), analysis(PAIR, 1n), names, { budgetMs: 0 })) break
  expect(ended).toBe(true)
})

test('only names change, whatever the rows and answers', async () => {
  const label = fc.constantFrom(PUBLIC, PRIVATE, 'Multicast', 'Ethernet', 'known.example', '')
  const end = fc.oneof(fc.tuple(fc.nat(20).map(address), label), fc.constant([null, null] as const))
  const rows = fc.array(
    fc.tuple(end, end).map(([src, dst]) => row(...src, ...dst, 'TCP', 6)),
    { maxLength: 30 },
  )
  const answers = fc.dictionary(fc.nat(20).map(address), fc.option(fc.constantFrom('a.example', 'b.example')))
  await fc.assert(
    fc.asyncProperty(fc.array(rows, { maxLength: 4 }), answers, async (spans, known) => {
      const names: HostNames = {
        known: (text) => known[text],
        lookup: async (text) => known[text] ?? null,
      }
      const before = spans.map(span)
      const after = await collect(resolveNames(stream(before), analysis(PAIR), names, { budgetMs: 0, askedRows: 3 }))
      const expected = before.map((record) => ({
        ...record,
        rows: record.rows.map((one) => {
          const [src, srcName, dst, dstName, ...rest] = one.key
          const nameOf = (text: KeyValue | undefined, shown: KeyValue | undefined) =>
            shown === PUBLIC || shown === PRIVATE ? (known[String(text)] ?? shown) : shown
          return { ...one, key: [src, nameOf(src, srcName), dst, nameOf(dst, dstName), ...rest] }
        }),
      }))
      expect(after).toEqual(expected)
    }),
  )
})

test('who told a name stands behind it; what the capture has named is not asked for, even if it reads like a label', async () => {
  const columns: readonly KeyColumn[] = ['src', 'src_name', 'src_name_source', 'dst', 'dst_name', 'dst_name_source']
  const names = namesByHand()
  names.answer('90.130.70.73', 'host.example.com')
  const rows = [row('90.130.70.73', PUBLIC, null, '90.130.70.74', PUBLIC, 'dns')]
  const [record] = await collect(resolveNames(stream([span(rows)]), analysis(columns), names))
  expect(keysOf(record)).toEqual([['90.130.70.73', 'host.example.com', 'ptr', '90.130.70.74', PUBLIC, 'dns']])
  expect(names.asked).toEqual([])
})
