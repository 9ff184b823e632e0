import { expect, test } from 'vitest'
import { captureObject } from '../../src/loggers/json-fields.ts'
import { analysis, capture, IDLE, log, SECOND, START, span } from './records.ts'

const WHOLE = analysis({ windowNs: null })

test('a whole capture: the capture first, every row on its line', () => {
  const text = log('json', WHOLE, [capture({ damage: [], interfaces: [] }), span()])
  expect(text).toBe(`\
{
  "schema_version": 1,
  "window_seconds": null,
  "basis": "frame",
  "columns": ["src","src_name","dst","dst_name","protocol","protocol_number"],
  "capture": {
    "files": ["office.pcapng"],
    "format": "pcapng (gzip)",
    "linktypes": [
      {"number":1,"name":"ETHERNET","packets":1640,"bytes":2507000}
    ],
    "interfaces": [],
    "frames": 1640,
    "bytes": 2507000,
    "kept": {"packets":1640,"bytes":2507000},
    "captured_bytes": 2400000,
    "first_ns": "1762164005000000000",
    "last_ns": "1762164010000000000",
    "truncated": 2,
    "malformed": 1,
    "unsupported": 0,
    "protocols": [
      {"name":"TCP","packets":1600,"bytes":2450000},
      {"name":"UDP","packets":39,"bytes":56940},
      {"name":"ARP","packets":1,"bytes":60}
    ],
    "accounting": {"whole":{"packets":1640,"bytes":2507000},"shown":{"packets":1635,"bytes":2506426},"filtered":{"packets":5,"bytes":574},"undecoded":{"packets":0,"bytes":0},"evicted":{"packets":0,"bytes":0},"late":{"packets":0,"bytes":0},"untimed":{"packets":0,"bytes":0},"unreadable_bytes":0,"basis":"frame","dropped":null,"snaplen_cut":0,"linktypes":["ETHERNET"]},
    "damage": [],
    "salvage": null
  },
  "rows": [
    {"src":"90.130.70.73","src_name":"No-DNS","dst":"172.21.83.232","dst_name":"Private Network","protocol":"TCP","protocol_number":6,"packets":1530,"bytes":2292863,"bits_per_second":3668580.8},
    {"src":"172.21.80.1","src_name":"Private Network","dst":"224.0.0.251","dst_name":"Multicast","protocol":"UDP","protocol_number":17,"packets":5,"bytes":1000,"bits_per_second":1600},
    {"other":true,"rows":12,"packets":100,"bytes":212563,"bits_per_second":340100.8}
  ]
}
`)
})

test('windows: rows name theirs, the capture comes last', () => {
  const later = span({ startNs: START + 65n * SECOND, endNs: START + 70n * SECOND })
  const read = JSON.parse(log('json', analysis({ windowNs: 500_000_000n }), [span(), IDLE, later, capture()]))
  expect(Object.keys(read)).toEqual(['schema_version', 'window_seconds', 'basis', 'columns', 'rows', 'capture'])
  expect(read.window_seconds).toBe(0.5)
  expect(read.rows.map((row: object) => Object.entries(row)[0])).toEqual([
    ...Array(3).fill(['window_start_ns', '1762164005000000000']),
    ...Array(3).fill(['window_start_ns', '1762164070000000000']),
  ])
  expect(read.capture).toEqual(captureObject(capture()))
})

const facts = captureObject(capture())
test.each([
  ['capture first', [capture(), span()], 3, facts],
  ['capture last', [span(), capture()], 3, facts],
  ['no rows', [span({ rows: [], other: null }), capture()], 0, facts],
  ['no span', [capture()], 0, facts],
  ['no capture', [span()], 3, null],
  ['nothing at all', [], 0, null],
])('%s is one valid object', (_, records, rows, facts) => {
  const read = JSON.parse(log('json', WHOLE, records))
  expect(read.rows).toHaveLength(rows)
  expect(read.capture).toEqual(facts)
})
