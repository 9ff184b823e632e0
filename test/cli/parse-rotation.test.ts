import { expect, test } from 'vitest'
import { parseRotation, parseSize } from '../../src/cli/parse-rotation.ts'

test.each([
  ['size=100MB,time=1h,keep=24', { bytes: 100_000_000, ns: 3_600_000_000_000n, keep: 24 }],
  ['size=64MiB', { bytes: 67_108_864 }],
  ['time=90', { ns: 90_000_000_000n }],
  ['keep=1, size=5k', { bytes: 5000, keep: 1 }],
  ['size:1.5GB', { bytes: 1_500_000_000 }],
])('%s', (text, plan) => {
  expect(parseRotation(text)).toEqual(plan)
})

test.each([
  ['', 'not size='],
  ['100MB', 'not size='],
  ['size=', "'' is not a size"],
  ['size=1parsec', 'is not a size'],
  ['size=constructor', 'is not a size'],
  ['size=100', 'less than 4096 bytes'],
  ['size=-1MB', 'is not a size'],
  ['time=1ms', 'less than a second'],
  ['time=soon', 'not a duration'],
  ['size=1MB,keep=0', 'at least 1'],
  ['keep=3', 'keep needs a size or a time'],
])('%s is refused', (text, reason) => {
  expect(() => parseRotation(text)).toThrow(reason)
})

test('parseSize: KB never means 1024', () => {
  expect([parseSize('10kb'), parseSize('10 KB'), parseSize('10KiB'), parseSize('4096')]).toEqual([
    10_000, 10_000, 10_240, 4096,
  ])
})
