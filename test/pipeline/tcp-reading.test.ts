import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { SpanRecord } from '../../src/engine/records.ts'
import { TCP_COLUMNS } from '../../src/engine/tcp-columns.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { findInputs } from '../../src/node/inputs.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type AnalyzeOptions, analyze } from '../../src/pipeline/analyze.ts'
import type { Input } from '../../src/pipeline/inputs.ts'
import { pcap } from '../support/build-capture.ts'
import { ethernet, ipv4, udp } from '../support/build-frame.ts'
import { capturesFolder } from '../support/captures.ts'
import { memorySource } from '../support/read-capture.ts'
import { readTcp } from '../support/read-tcp.ts'
import { send, tcpPacket } from '../support/tcp-segments.ts'

const trouble = `${capturesFolder}tcp-trouble.pcap`
const place = Object.fromEntries(TCP_COLUMNS.map(({ name }, i) => [name, i]))

async function spanOf(
  inputs: readonly Input[],
  by: string,
  options: Partial<AnalyzeOptions> = {},
): Promise<SpanRecord> {
  const chosen = {
    grouping: parseBy(by),
    names: createEndpointNamer(),
    tcp: TCP_COLUMNS,
    extras: TCP_COLUMNS,
    ...options,
  }
  for await (const record of analyze(loadCaptureModule(), inputs, chosen, [])) {
    if (record.type === 'span') {
      // Rows are read while they are valid.
      return { ...record, rows: [...record.rows], totalExtras: record.totalExtras! }
    }
  }
  throw new Error('no span')
}

it.each(['conversation', 'host', 'src', 'protocol', 'flow', 'mac', 'vlan'])(
  'has the same total by %s, and its rows add up',
  async (by) => {
    const { conversations } = await readTcp(readFileSync(trouble))
    const expected = [...conversations.values()].reduce((sum, { counts }) => sum + counts.retransmission, 0)
    const { rows, totalExtras } = await spanOf(await findInputs([trouble], false), by)
    expect(totalExtras![place.retransmissions!]).toBe(expected)
    const sum = rows.reduce((total, { extras }) => total + (extras![place.retransmissions!] as number), 0)
    // A host has those of both directions of its conversations, and both ends are hosts.
    expect(sum).toBe(by === 'host' ? 2 * expected : expected)
  },
)

it('sorts by trouble', async () => {
  const { rows } = await spanOf(await findInputs([trouble], false), 'conversation', { sort: 'retransmissions' })
  const values = rows.map(({ extras }) => extras![place.retransmissions!] as number)
  expect(values.length).toBeGreaterThan(5)
  expect(values).toEqual([...values].sort((a, b) => b - a))
})

it('the same file twice, merged by time: each segment comes again', async () => {
  const once = await spanOf(await findInputs([trouble], false), 'protocol')
  const [input] = await findInputs([trouble], false)
  const twice = await spanOf([input!, { ...input!, name: 'the same again' }], 'protocol')
  expect(twice.total.packets).toBe(2 * once.total.packets)
  expect(twice.totalExtras![place.retransmissions!]).toBeGreaterThan(100)
})

it('beyond the most flows, conversations are left out and counted; evicted flows keep their counts', async () => {
  const records = Array.from({ length: 3000 }, (_, i) => ({
    seconds: i,
    data: ethernet(0x0800, tcpPacket(send.client('R', 1, 0, { ports: [1024 + i, 80] }))),
  }))
  const capture = pcap([...records, { seconds: 4000, data: ethernet(0x0800, ipv4({ protocol: 17 }, udp())) }])
  const open = () => Promise.resolve(memorySource(capture, () => 4096))
  const input: Input = { name: 'memory', repeatable: true, size: capture.length, open }
  let untracked = 0
  let evicted = 0
  const { totalExtras, total } = await spanOf([input], 'flow', {
    maxFlows: 1000,
    segmentBytes: 4096,
    onUntracked: (flows) => {
      untracked = flows
    },
    onEvicted: (flows) => {
      evicted = flows
    },
  })
  expect(total.packets).toBe(3001)
  expect(evicted).toBeGreaterThan(0)
  expect(untracked).toBeGreaterThan(0)
  // Half of the flows at most are conversations: the first 500 here.
  expect(totalExtras![place.resets!]).toBe(500)
})
