import * as fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { parseBudget } from '../../src/cli/parse-budget.ts'
import type { ExtraColumn } from '../../src/engine/records.ts'
import { shapeColumns } from '../../src/engine/shape-columns.ts'

const extras: ExtraColumn[] = [
  ...shapeColumns({ windowNs: 1n, burstNs: 1n, link: { bitsPerSecond: 1, above: 1 } }),
  { name: 'retransmissions', title: 'retrans', kind: 'count' },
  { name: 'handshake_rtt_ms', title: 'rtt', kind: 'milliseconds' },
  { name: 'src_country', title: 'country', kind: 'text' },
]
const words = { keys: ['src', 'src_name', 'dst', 'dst_name', 'protocol'], extras } as const
const parse = (text: string) => parseBudget(text, words)

test.each([
  ['total.p95 < 20Mbit/s', 'total', 'p95', 'rate', '<', 20e6],
  ['total.rate<=1.5G', 'total', 'rate', 'rate', '<=', 1.5e9],
  [' total.min>0 ', 'total', 'min', 'rate', '>', 0],
  ['every.bytes >= 64KiB', 'every', 'bytes', 'bytes', '>=', 65_536],
  ['every.packets != 0', 'every', 'packets', 'count', '!=', 0],
  ['every.above == 0%', 'every', 'above', 'share', '==', 0],
  ['total.time_above_share<2.5%', 'total', 'time_above_share', 'share', '<', 0.025],
  ['every.retransmissions < 10', 'every', 'retransmissions', 'count', '<', 10],
  ['every.rtt < 1.5s', 'every', 'rtt', 'milliseconds', '<', 1500],
  ['every.rtt > 0', 'every', 'rtt', 'milliseconds', '>', 0],
  ['src(10.0.0.1).p95 < 1M', [{ column: 'src', value: '10.0.0.1' }], 'p95', 'rate', '<', 1e6],
  [
    'src(2001:db8::1),protocol( tcp ).peak < 1M',
    [
      { column: 'src', value: '2001:db8::1' },
      { column: 'protocol', value: 'tcp' },
    ],
    'peak',
    'rate',
    '<',
    1e6,
  ],
] as const)('%s', (text, subject, metric, kind, operator, limit) => {
  expect(parse(text)).toMatchObject({ subject, metric, kind, operator, limit })
})

test('keeps what the user wrote, for messages', () => {
  expect(parse('src(10.0.0.1).p95 <  20 Mbit/s ')).toMatchObject({ name: 'src(10.0.0.1).p95', limitText: '20 Mbit/s' })
})

test.each([
  ['', 1, "'' is not total, every, or a row such as src(…)"],
  ['all.p95 < 1M', 1, "'all' is not total"],
  ['total', 6, "a '.' and a metric are missing, as in total.rate"],
  ['total < 1M', 6, "a '.' and a metric"],
  ['total.', 7, 'a metric is missing: rate, bytes, packets, min'],
  [
    'total.p59 < 20M',
    7,
    "no metric 'p59'; there are rate, bytes, packets, min, mean, max, p50, p95, p99, peak, above, retrans, rtt",
  ],
  ['total.country == NL', 7, "no metric 'country'"],
  ['  total.p95 20M', 13, 'an operator is missing: <= >= == != < >'],
  ['total.p95 = 20M', 11, 'an operator is missing'],
  ['total.p95 <', 12, 'a value is missing, as in 20Mbit/s'],
  ['total.p95 < 20MB/s', 13, "'20MB/s' is not a rate in bits per second"],
  ['total.p95 < -1', 13, 'is not a rate'],
  ['total.bytes < 20Mbit/s', 15, "'20Mbit/s' is not a size"],
  ['total.packets < 5k', 17, "'5k' is not a number"],
  ['total.above < 0.05', 15, "'0.05' is not a percentage; write it like 5%"],
  ['every.rtt < 20', 13, "'20' has no unit; write it like 20ms"],
  [
    'host(10.0.0.1).p95 < 1M',
    1,
    'rows have no host; they have src, src_name, dst, dst_name, protocol, and --by gives them others',
  ],
  ['src(1),port(5).p95 < 1M', 8, 'rows have no port'],
  ['src(10.0.0.1.p95 < 1M', 1, "'src(10' is not total"],
])('%j: character %i', (text, character, message) => {
  expect(() => parse(text)).toThrow(`'${text}', character ${character}: `)
  expect(() => parse(text)).toThrow(message)
})

it('any text is a budget or an error that points into it', () => {
  const piece = fc.constantFrom('total', 'every', '.', 'p95', 'src(', ')', ',', '<', '=', '20M', ' ', '(', '5%', 'x')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        try {
          expect(Number.isFinite(parse(text).limit)).toBe(true)
        } catch (error) {
          const at = /', character (\d+): /.exec((error as Error).message.slice(text.length))
          expect(Number(at?.[1])).toBeGreaterThanOrEqual(1)
          expect(Number(at?.[1])).toBeLessThanOrEqual(text.length + 1)
        }
      },
    ),
  )
})
