import { expect, test } from 'vitest'
import { analysis, capture, counts, IDLE, log, row, span, spanOf } from './records.ts'

test('a table a window, idle windows as a line, the capture as a list', () => {
  expect(log('md', analysis(), [span(), IDLE, capture()])).toBe(`\
## 2025-11-03 10:00:05 to 10:00:10 UTC (5 s)

| Source | Source name | Destination | Destination name | Protocol | Packets | Bytes | Rate |
| --- | --- | --- | --- | --- | ---: | ---: | ---: |
| 90.130.70.73 | No-DNS | 172.21.83.232 | Private Network | TCP | 1530 | 2292863 | 3668.58 Kbps |
| 172.21.80.1 | Private Network | 224.0.0.251 | Multicast | UDP | 5 | 1000 | 1.60 Kbps |
| … 12 other pairs |  |  |  |  | 100 | 212563 | 340.10 Kbps |
| **Total** |  |  |  |  | 1635 | 2506426 | 4010.28 Kbps |

12 idle windows, 2025-11-03 10:00:10 to 10:01:10 UTC.

## Capture

- File: office.pcapng
- Format: pcapng (gzip)
- Link type: ETHERNET
- Interface: eth0, 1700 received, 60 dropped
- First frame: 2025-11-03 10:00:05.000000000 UTC
- Last frame: 2025-11-03 10:00:10.000000000 UTC
- Duration: 5 s
- Frames: 1640
- Bytes: 2.51 MB (2507000 bytes)
- Captured: 2.40 MB (2400000 bytes)
- Average rate: 4011.20 Kbps
- Truncated: 2 frames, cut within the headers
- Malformed: 1 frame with contradictory headers
- Accounted for: 1640 frames (2507000 bytes) = 1635 shown (2506426) + 5 filtered (574)
- Cut: office.pcapng: the file ends within a packet block at byte 123456
`)
})

test('a whole capture: the list, then one table', () => {
  const headings = log('md', analysis({ windowNs: null }), [capture(), span()]).match(/^#.*$/gm)
  expect(headings).toEqual(['## Capture', '## Top pairs'])
})

test('names can neither break the table nor become markup or escape sequences', () => {
  const name = 'a|b\\ *c* _d_ `e` <img> [f](g) &amp; ~h~\n\x1b'
  const rows = [row([name, null, '', '', '', 6], 1, 60, 96)]
  const text = log('md', analysis(), [span({ rows, other: null, total: counts(1, 60) })], { units: 'bit/s' })
  expect(text.split('\n')[4]).toBe(
    String.raw`| a\|b\\ \*c\* \_d\_ \`e\` \<img\> \[f\](g) \&amp; \~h\~\\x0a\\x1b |  |  |  |  | 1 | 60 | 96.00 bit/s |`,
  )
})

test('addresses of the web are text, not links', () => {
  const text = log('md', analysis(), [
    spanOf(['https://evil.example', 'www.evil.example', 'WWW.evil.example', '::1', '', 6]),
  ])
  expect(text).toContain(String.raw`| https\://evil.example | www\.evil.example | WWW\.evil.example | ::1 |`)
})

test('directions and another basis have their titles', () => {
  const host = analysis({ columns: ['host', 'host_name'], bidirectional: true, basis: 'ip' })
  expect(log('md', host, [spanOf(['10.0.0.1', null], counts(4, 250))])).toBe(`\
## 2025-11-03 10:00:05 to 10:00:10 UTC (5 s)

| Host | Host name | Packets | IP bytes | Rate | Sent |
| --- | --- | ---: | ---: | ---: | ---: |
| 10.0.0.1 |  | 5 | 1000 | 1.60 Kbps | 25.0% |
| **Total, each frame once** |  | 5 | 1000 | 1.60 Kbps |  |
`)
})
