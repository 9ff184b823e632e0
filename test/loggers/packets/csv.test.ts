import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PACKET_COLUMNS } from '../../../src/loggers/packets/frame-rows.ts'
import { formatTime } from '../../../src/loggers/time-text.ts'
import { logCaptures } from '../../support/log-files.ts'
import { sampleCapture } from '../../support/sample-capture.ts'
import { anyCapture, packetRows } from './rows.ts'

test('one row a frame', async () => {
  expect((await logCaptures([sampleCapture], { format: 'csv' })).text).toBe(
    [
      'frame,time,src,dst,protocol,src_port,dst_port,length,captured_length,vlan,interface',
      '1,2025-11-03T10:00:05.000000000Z,10.0.0.1,90.130.70.73,TCP,40000,443,100,100,,0',
      '2,2025-11-03T10:00:05.500000000Z,90.130.70.73,10.0.0.1,TCP,443,40000,1000,1000,,0',
      '3,2025-11-03T10:00:06.000000000Z,10.0.0.1,224.0.0.251,UDP,5353,5353,100,100,,0',
      '4,2025-11-03T10:00:11.000000000Z,fe80::1,ff02::fb,UDP,49152,53,200,200,10,0',
      '5,2025-11-03T10:00:12.000000000Z,02:00:00:00:00:01,ff:ff:ff:ff:ff:ff,ARP,,,60,60,,0',
      '6,2025-11-03T10:00:36.000000000Z,90.130.70.73,10.0.0.1,TCP,443,40000,1000,1000,,0',
      '',
    ].join('\n'),
  )
})

test('the bytes that csv-stringify writes, whatever interfaces are called', async () => {
  await fc.assert(
    fc.asyncProperty(anyCapture, async (capture) => {
      const rows = (await packetRows(capture)).map(({ time, ...row }) => ({
        ...row,
        time: time === null ? null : formatTime(time),
      }))
      const fields = rows.map((row) => PACKET_COLUMNS.map((column) => row[column]))
      const { text } = await logCaptures([capture], { format: 'csv' })
      expect(text).toBe(stringify([PACKET_COLUMNS, ...fields], { record_delimiter: '\n' }))
    }),
    { numRuns: 100 },
  )
})
