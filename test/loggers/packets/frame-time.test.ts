import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StreamBatch } from '../../../src/capture/frame-batch.ts'
import { NO_TIME } from '../../../src/capture/frame-batch.ts'
import { LineBuffer } from '../../../src/loggers/line-buffer.ts'
import { createNsWriter, createTimeWriter, type WriteTime } from '../../../src/loggers/packets/frame-time.ts'
import { formatTime } from '../../../src/loggers/time-text.ts'

function timesOf(times: readonly bigint[], write: WriteTime): string[] {
  const time = new Uint32Array(BigInt64Array.from(times).buffer)
  const out = new LineBuffer()
  return times.map((_, i) => {
    write(out, { time } as StreamBatch, i)
    return Buffer.from(out.take()).toString()
  })
}

const ns = fc
  .oneof(
    fc.bigInt(NO_TIME + 1n, -NO_TIME - 1n),
    // At the borders of seconds, of words and of a double's 53 bits.
    fc
      .tuple(fc.bigInt(-(2n ** 33n), 2n ** 33n), fc.bigInt(-3n, 3n))
      .map(([second, near]) => second * 1_000_000_000n + near),
    fc.tuple(fc.bigInt(-(2n ** 31n), 2n ** 31n - 1n), fc.bigInt(-2n, 2n)).map(([high, near]) => (high << 32n) + near),
  )
  .filter((time) => time > NO_TIME && time < -NO_TIME)

test('any time that a batch can hold, as formatTime writes it', () => {
  const write = createTimeWriter('-')
  fc.assert(
    fc.property(fc.array(ns, { minLength: 1, maxLength: 20 }), (times) => {
      expect(timesOf(times, write)).toEqual(times.map(formatTime))
    }),
    { numRuns: 1000 },
  )
})

test('nanoseconds since 1970, as a bigint prints them', () => {
  const write = createNsWriter('null', '"')
  fc.assert(
    fc.property(fc.array(ns, { minLength: 1, maxLength: 20 }), (times) => {
      expect(timesOf(times, write)).toEqual(times.map((time) => `"${time}"`))
    }),
    { numRuns: 1000 },
  )
})

test('no time', () => {
  expect(timesOf([NO_TIME, 0n, NO_TIME], createTimeWriter('-'))).toEqual(['-', '1970-01-01T00:00:00.000000000Z', '-'])
  expect(timesOf([NO_TIME, 0n], createNsWriter('null', '"'))).toEqual(['null', '"0"'])
})
