import { expect, test } from 'vitest'
import type { KeyColumn } from '../../src/engine/records.ts'
import { analysis, capture, counts, IDLE, log, row, SECOND, START, span, spanOf } from './records.ts'

test('one block a window, idle windows in one line, a footer', () => {
  const next = span({ startNs: START + 65n * SECOND, endNs: START + 70n * SECOND, other: null })
  expect(log('text', analysis(), [span(), IDLE, next, capture()])).toBe(`\
--- Traffic Breakdown (2025-11-03 10:00:05 to 10:00:10 UTC, 5 s) ---
90.130.70.73 (No-DNS) → 172.21.83.232 (Private Network) (TCP): 3668.58 Kbps
172.21.80.1 (Private Network) → 224.0.0.251 (Multicast) (UDP): 1.60 Kbps
… 12 other pairs: 340.10 Kbps
Total: 4010.28 Kbps, 1635 packets, 2506426 bytes

--- 12 idle windows (10:00:10 to 10:01:10 UTC) ---

--- Traffic Breakdown (2025-11-03 10:01:10 to 10:01:15 UTC, 5 s) ---
90.130.70.73 (No-DNS) → 172.21.83.232 (Private Network) (TCP): 3668.58 Kbps
172.21.80.1 (Private Network) → 224.0.0.251 (Multicast) (UDP): 1.60 Kbps
Total: 4010.28 Kbps, 1635 packets, 2506426 bytes

--- Capture: 1640 frames, 2507000 bytes in 5 s ---
Accounted for: 1640 frames (2507000 bytes) = 1635 shown (2506426) + 5 filtered (574)
Cut: office.pcapng: the file ends within a packet block at byte 123456
`)
})

test('the footer of a capture without gaps or damage is one line', () => {
  const accounting = { ...capture().accounting, shown: counts(1640, 2_507_000), filtered: counts(0, 0) }
  expect(log('text', analysis(), [capture({ damage: [], accounting })])).toBe(
    '--- Capture: 1640 frames, 2507000 bytes in 5 s ---\n',
  )
})

test('with a time range the footer says how much of the capture is within it', () => {
  const accounting = { ...capture().accounting, shown: counts(40, 5000), filtered: counts(1600, 2_502_000) }
  expect(log('text', analysis(), [capture({ damage: [], kept: counts(40, 5000), accounting })])).toBe(
    '--- Capture: 40 of 1640 frames, 5000 of 2507000 bytes in 5 s ---\n' +
      'Accounted for: 1640 frames (2507000 bytes) = 40 shown (5000) + 1600 filtered (2502000)\n',
  )
})

test('late and untimed frames are never silent', () => {
  const accounting = { ...capture().accounting, filtered: counts(0, 0), late: counts(3, 454), untimed: counts(2, 120) }
  expect(log('text', analysis(), [capture({ damage: [], accounting })])).toContain(
    '\nAccounted for: 1640 frames (2507000 bytes) = 1635 shown (2506426) + 3 late (454) + 2 untimed (120)\n',
  )
})

test.each([
  [500_000_000n, '2025-11-03 10:00:05.000 to 10:00:05.500 UTC, 500 ms'],
  [250_000n, '2025-11-03 10:00:05.000000 to 10:00:05.000250 UTC, 250 µs'],
  [10n, '2025-11-03 10:00:05.000000000 to 10:00:05.000000010 UTC, 10 ns'],
  [86_400n * SECOND, '2025-11-03 10:00:05 to 2025-11-04 10:00:05 UTC, 1 d'],
])('a window of %d ns is headed %s', (windowNs, times) => {
  const text = log('text', analysis({ windowNs }), [span({ endNs: START + windowNs })])
  expect(text.split('\n')[0]).toBe(`--- Traffic Breakdown (${times}) ---`)
})

test('the decimals of a sliding window are those of its step', () => {
  const text = log('text', analysis(), [span()], { stepNs: 100_000_000n })
  expect(text).toMatch(/^--- Traffic Breakdown \(2025-11-03 10:00:05\.000 to 10:00:10\.000 UTC, 5 s\) ---\n/)
})

test('frames without timestamps, and a window that --idle asked for', () => {
  expect(log('text', analysis(), [span({ startNs: null, endNs: null, rows: [], other: null })])).toBe(`\
--- Traffic Breakdown (no timestamps) ---
Total: -, 1635 packets, 2506426 bytes
`)
  expect(log('text', analysis(), [span({ rows: [], other: null, total: counts(0, 0) })])).toBe(`\
--- Traffic Breakdown (2025-11-03 10:00:05 to 10:00:10 UTC, 5 s) ---
no traffic
`)
})

test('one other row, and bytes on another basis, are named as what they are', () => {
  const other = { rows: 1, packets: 1, bytes: 60, bitsPerSecond: 96 }
  const text = log('text', analysis({ basis: 'payload' }), [span({ rows: [], other, total: counts(1, 60) })])
  expect(text.split('\n').slice(1)).toEqual([
    '… 1 other pair: 0.10 Kbps',
    'Total: 0.10 Kbps, 1 packet, 60 payload bytes',
    '',
  ])
})

test('both directions have their shares', () => {
  const conversation: KeyColumn[] = ['src', 'src_name', 'src_port', 'dst', 'dst_name', 'dst_port', 'protocol']
  const key = ['2001:db8::1', 'Documentation', 443, '2001:db8::2', 'Documentation', 50000, 'TCP']
  const both = analysis({ columns: conversation, bidirectional: true })
  expect(log('text', both, [spanOf(key, counts(4, 820))])).toContain(
    '\n[2001:db8::1]:443 (Documentation) ↔ [2001:db8::2]:50000 (Documentation) (TCP): 1.60 Kbps (→ 82.0%, ← 18.0%)\n',
  )
  const host = analysis({ columns: ['host', 'host_name'], bidirectional: true })
  expect(log('text', host, [spanOf(['10.0.0.1', 'Private Network'], counts(4, 250))])).toContain(
    '\n10.0.0.1 (Private Network): 1.60 Kbps (sent 25.0%, received 75.0%)\n',
  )
})

test('other units, and a style for headings and asides', () => {
  const style = { bold: (text: string) => `<b>${text}</b>`, dim: (text: string) => `<i>${text}</i>` }
  expect(log('text', analysis(), [span(), IDLE], { units: 'auto', style })).toBe(`\
<b>--- Traffic Breakdown (2025-11-03 10:00:05 to 10:00:10 UTC, 5 s) ---</b>
90.130.70.73 (No-DNS) → 172.21.83.232 (Private Network) (TCP): 3.67 Mbit/s
172.21.80.1 (Private Network) → 224.0.0.251 (Multicast) (UDP): 1.60 kbit/s
<i>… 12 other pairs: 340.10 kbit/s</i>
Total: 4.01 Mbit/s, 1635 packets, 2506426 bytes

<i>--- 12 idle windows (10:00:10 to 10:01:10 UTC) ---</i>
`)
})

test('no control character of a name or a file reaches the terminal', () => {
  const rows = [row(['10.0.0.1', '\x1b]0;title\x07', '10.0.0.2', 'a\nb', 'TCP', 6], 1, 60, 96)]
  const damage = [{ file: '\x1b[31m.pcap', kind: 'damaged' as const, message: 'cut \x9b' }]
  const text = log('text', analysis(), [span({ rows }), capture({ damage })])
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  expect(text).toContain('10.0.0.1 (\\x1b]0;title\\x07) → 10.0.0.2 (a\\x0ab) (TCP): 0.10 Kbps\n')
  expect(text).toContain('Damaged: \\x1b[31m.pcap: cut \\x9b\n')
})
