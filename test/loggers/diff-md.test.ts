import { expect, test } from 'vitest'
import { diffMd } from '../../src/loggers/diff-md.ts'
import { report } from './diff-report.ts'

test('a list and tables, in which a pipe is a pipe', () => {
  expect([...diffMd(report, { units: 'auto' })].join('')).toBe(
    [
      '- A: a.pcap: 1 s, 8.81 kbit/s, 12 frames, 1.10 kB',
      '- B: 1, 2, 3 and 2 more: no time, -, 12 frames, 1.10 kB',
      '',
      '## Changed hosts',
      '',
      '1 new, 1 gone, 1 changed, 1 the same.',
      '',
      '| Host | A | B | Change |  |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| 10.0.0.1 (x\\|y) | 8.00 kbit/s | 20.00 kbit/s | +12.00 kbit/s | ×2.50 |',
      '| =3 |  | 400.00 bit/s | +400.00 bit/s | new |',
      '| … 1 other host |  |  |  |  |',
      '',
      '## Changed services',
      '',
      '1 changed.',
      '',
      '| Service | A | B | Change |  |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| port 80 (TCP) | 4.00 Mbit/s | 400.00 bit/s | -4.00 Mbit/s | ×<0.001 |',
      '',
      '## Changed VLANs',
      '',
      'None in either.',
      '',
    ].join('\n'),
  )
})
