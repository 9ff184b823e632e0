import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logCaptures } from '../../support/log-files.ts'
import { sampleCapture } from '../../support/sample-capture.ts'
import { anyCapture, packetRows } from './rows.ts'

test('one object a frame', async () => {
  const { text } = await logCaptures([sampleCapture], { format: 'jsonl' })
  expect(text.split('\n')[3]).toBe(
    '{"type":"packet","schema_version":1,"frame":4,"time_ns":"1762164011000000000","src":"fe80::1","dst":"ff02::fb","protocol":"UDP","src_port":49152,"dst_port":53,"length":200,"captured_length":200,"vlan":"10","interface":0}',
  )
})

test('any capture: each line is an object with the values of its frame', async () => {
  await fc.assert(
    fc.asyncProperty(anyCapture, async (capture) => {
      const { text } = await logCaptures([capture], { format: 'jsonl' })
      const objects = text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
      expect(objects).toEqual(
        (await packetRows(capture)).map(({ time, ...row }) => ({
          type: 'packet',
          schema_version: 1,
          time_ns: time === null ? null : String(time),
          ...row,
        })),
      )
    }),
    { numRuns: 100 },
  )
})
