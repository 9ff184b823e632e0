import { expect, test } from 'vitest'
import type { KeyColumn } from '../../src/engine/records.ts'
import { analysis, capture, counts, log, row, span } from './records.ts'

const WHOLE = analysis({ windowNs: null })

test('facts, protocols, top rows, and where every frame went', () => {
  expect(log('text', WHOLE, [capture(), span()])).toBe(`\
File          office.pcapng
Format        pcapng (gzip)
Link type     ETHERNET
Interface     eth0, 1700 received, 60 dropped
First frame   2025-11-03 10:00:05.000000000 UTC
Last frame    2025-11-03 10:00:10.000000000 UTC
Duration      5 s
Frames        1640
Bytes         2.51 MB (2507000 bytes)
Captured      2.40 MB (2400000 bytes)
Average rate  4011.20 Kbps
Truncated     2 frames, cut within the headers
Malformed     1 frame with contradictory headers

Protocols  packets     bytes  share
  TCP         1600   2.45 MB  97.7%
  UDP           39  56.94 kB   2.3%
  ARP            1      60 B  <0.1%

Top pairs                                       packets      bytes          rate
  90.130.70.73 (No-DNS) → 172.21.83.232 (Private Network) (TCP)
                                                   1530    2.29 MB  3668.58 Kbps
  172.21.80.1 (Private Network) → 224.0.0.251 (Multicast) (UDP)
                                                      5    1.00 kB     1.60 Kbps
  … 12 other pairs                                  100  212.56 kB   340.10 Kbps
  Total                                            1635    2.51 MB  4010.28 Kbps

Accounted for: 1640 frames (2507000 bytes) = 1635 shown (2506426) + 5 filtered (574)
Cut: office.pcapng: the file ends within a packet block at byte 123456
`)
})

test('a wider terminal has names and numbers on one line', () => {
  const text = log('text', WHOLE, [capture(), span()], { width: 110, units: 'iec' })
  expect(text).toContain(`
Top pairs                                                        packets       bytes          rate
  90.130.70.73 (No-DNS) → 172.21.83.232 (Private Network) (TCP)     1530    2.19 MiB  447.82 KiB/s
  172.21.80.1 (Private Network) → 224.0.0.251 (Multicast) (UDP)        5      1000 B    200.00 B/s
  … 12 other pairs                                                   100  207.58 KiB   41.52 KiB/s
  Total                                                             1635    2.39 MiB  489.54 KiB/s
`)
})

test('hosts have the share that they sent', () => {
  const about = analysis({ windowNs: null, columns: ['host', 'host_name'], bidirectional: true })
  const rows = [
    row(['10.0.0.1', 'Private Network'], 5, 1000, 1600, counts(1, 250)),
    row(['日本', null], 5, 1000, 1600, counts(4, 750)),
  ]
  expect(log('text', about, [span({ rows, other: null, total: counts(5, 1000) })])).toBe(`\
Top hosts                     packets    bytes       rate   sent
  10.0.0.1 (Private Network)        5  1.00 kB  1.60 Kbps  25.0%
  日本                              5  1.00 kB  1.60 Kbps  75.0%
  Total, each frame once            5  1.00 kB  1.60 Kbps
`)
})

test('top protocols stand in for the protocol table', () => {
  const columns: KeyColumn[] = ['protocol', 'protocol_number']
  const rows = [row(['TCP', 6], 1600, 2_450_000, 3_920_000)]
  const text = log('text', analysis({ windowNs: null, columns }), [capture(), span({ rows, other: null })])
  expect(text.match(/^\S.*packets.*$/gm)).toEqual(['Top protocols  packets    bytes          rate'])
})

test('of many protocols the largest ten are named and the rest is summed', () => {
  const protocols = Array.from({ length: 14 }, (_, i) => ({ name: `P${i}`, packets: 1, bytes: 100 }))
  const lines = log('text', WHOLE, [capture({ protocols })]).split('\n')
  const first = lines.findIndex((line) => line.startsWith('Protocols'))
  expect(lines.slice(first + 10, first + 12)).toEqual([
    '  P9                         1  100 B   7.1%',
    '  … 4 other protocols        4  400 B  28.6%',
  ])
})

test('both tables say what their bytes are', () => {
  const lines = log('text', analysis({ windowNs: null, basis: 'payload' }), [capture(), span()]).split('\n')
  const headers = lines.filter((line) => /^(Protocols|Top pairs) /.test(line))
  expect(headers.map((line) => line.split(/ {2,}/)[2])).toEqual(['payload bytes', 'payload bytes'])
})

test('an empty capture has no tables, no times and no rate', () => {
  const nothing = counts(0, 0)
  const accounting = { ...capture().accounting, whole: nothing, shown: nothing, filtered: nothing }
  const empty = capture({
    linktypes: [],
    interfaces: [],
    frames: 0,
    bytes: 0,
    kept: nothing,
    capturedBytes: 0,
    firstNs: null,
    lastNs: null,
    truncated: 0,
    malformed: 0,
    damage: [],
    protocols: [],
    accounting,
  })
  const none = span({ startNs: null, endNs: null, rows: [], other: null, total: nothing })
  expect(log('text', WHOLE, [empty, none])).toBe(`\
File    office.pcapng
Format  pcapng (gzip)
Frames  0
Bytes   0 bytes

Accounted for: 0 frames (0 bytes) = 0 shown (0)
`)
})

test('a single frame has no rate', () => {
  const rows = [row(['10.0.0.1', null, '10.0.0.2', null, 'TCP', 6], 1, 60, null)]
  const one = span({ endNs: span().startNs, rows, other: null, total: counts(1, 60) })
  expect(log('text', WHOLE, [one])).toBe(`\
Top pairs                    packets  bytes  rate
  10.0.0.1 → 10.0.0.2 (TCP)        1   60 B     -
  Total                            1   60 B     -
`)
})

test('columns that are zero in everything are named below the table', () => {
  const extras = [
    { name: 'conn_state', title: 'state', kind: 'text' },
    { name: 'handshake_rtt_ms', title: 'iRTT', kind: 'milliseconds' },
    { name: 'retransmissions', title: 'retrans', kind: 'count' },
    { name: 'resets', title: 'resets', kind: 'count' },
  ] as const
  const protocols = analysis({ windowNs: null, columns: ['protocol', 'protocol_number'], extras })
  const rows = [{ ...row(['TCP', 6], 5, 1000, 1600), extras: ['SF', null, 3, 0] }]
  const text = log('text', protocols, [
    span({ rows, other: null, total: counts(5, 1000), totalExtras: [null, null, 3, 0] }),
  ])
  expect(text).toBe(`\
Top protocols  packets    bytes       rate  state  retrans
  TCP                5  1.00 kB  1.60 Kbps     SF        3
  Total              5  1.00 kB  1.60 Kbps      -        3
  all zero: resets; not known: iRTT
`)
})
