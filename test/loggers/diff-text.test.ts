import { expect, test } from 'vitest'
import { diffText } from '../../src/loggers/diff-text.ts'
import { report } from './diff-report.ts'

test('the two, then a table for each section; what is the same is only counted', () => {
  expect([...diffText(report, { units: 'kbit/s' })].join('')).toBe(
    [
      'A  a.pcap: 1 s, 8.81 kbit/s, 12 frames, 1.10 kB',
      'B  1, 2, 3 and 2 more: no time, -, 12 frames, 1.10 kB',
      '',
      'Hosts: 1 new, 1 gone, 1 changed, 1 the same',
      '                              A             B         change',
      '    10.0.0.1 (x|y)  8.00 kbit/s  20.00 kbit/s  +12.00 kbit/s  ×2.50',
      '  + =3                            0.40 kbit/s   +0.40 kbit/s    new',
      '  … 1 other host',
      '',
      'Services: 1 changed',
      '                                A            B           change',
      '    port 80 (TCP)  4000.00 kbit/s  0.40 kbit/s  -3999.60 kbit/s  ×<0.001',
      '',
      'VLANs: none in either',
      '',
    ].join('\n'),
  )
})
