import { describe, expect, test } from 'vitest'
import { type ShapeFlags, shapeChoiceOf } from '../../src/cli/shape-flags.ts'

const MS = 1_000_000n
const SECOND = 1000n * MS

function choose(flags: Partial<ShapeFlags>, windowNs: bigint | null = null, stepNs: bigint | null = null) {
  return shapeChoiceOf({ stats: false, ...flags }, { windowNs, stepNs, keys: ['src', 'dst'], extras: [] })
}
const titles = (flags: Partial<ShapeFlags>, windowNs: bigint | null = null) =>
  choose(flags, windowNs).extras.map(({ title }) => title)

describe('what is counted', () => {
  test('nothing, when nothing was asked for', () => {
    expect(choose({})).toEqual({ windowNs: null, shape: undefined, budgets: [], extras: [] })
    expect(choose({}, SECOND, MS)).toMatchObject({ windowNs: SECOND, shape: undefined })
    expect(choose({ assert: ['total.rate < 1M'] })).toMatchObject({ shape: undefined, extras: [] })
  })

  test('--stats over a second, or --window, which then shows no blocks', () => {
    expect(choose({ stats: true })).toMatchObject({
      windowNs: null,
      shape: { windowNs: SECOND, burstNs: null, link: null },
    })
    expect(choose({ stats: true }, 5n * SECOND)).toMatchObject({ windowNs: null, shape: { windowNs: 5n * SECOND } })
    expect(titles({ stats: true })).toEqual(['min', 'mean', 'max', 'p50', 'p95', 'p99'])
  })

  test('--burst, --link and --above', () => {
    expect(choose({ burst: '1ms', link: '1G' }).shape).toEqual({
      windowNs: SECOND,
      burstNs: MS,
      link: { bitsPerSecond: 1e9, above: 0.9 },
    })
    expect(choose({ stats: true, link: '10M', above: '80%' }).shape?.link).toEqual({ bitsPerSecond: 1e7, above: 0.8 })
    expect(titles({ burst: '1ms' })).toEqual(['peak'])
    expect(titles({ link: '1G' })).toEqual(['min', 'mean', 'max', 'p50', 'p95', 'p99', 'above'])
    expect(choose({ link: '1G' }, 5n * SECOND)).toMatchObject({ windowNs: null, shape: { windowNs: 5n * SECOND } })
  })

  test('a budget switches on what it needs', () => {
    expect(choose({ assert: ['total.p95 < 1M'] })).toMatchObject({ windowNs: null, shape: { windowNs: SECOND } })
    expect(titles({ assert: ['total.mean_bits_per_second < 1M'] })).toContain('p95')
    expect(choose({ assert: ['total.p95 < 1M'], burst: '1ms' })).toMatchObject({
      shape: { windowNs: SECOND, burstNs: MS },
    })
  })

  test('and leaves windows to be shown as they were', () => {
    for (const assert of ['total.p95 < 1M', 'total.rate < 1M']) {
      expect(choose({ assert: [assert] }, 5n * SECOND)).toMatchObject({
        windowNs: 5n * SECOND,
        shape: { windowNs: 5n * SECOND },
        extras: [],
      })
    }
  })
})

test.each([
  [{ burst: '1ms' }, SECOND, null, '--window: --burst gives one report'],
  [{ stats: true }, SECOND, MS, '--step: not with --stats'],
  [
    { stats: true, burst: '300ms' },
    null,
    null,
    '--burst: the window (1 s unless --window says otherwise) must be a whole',
  ],
  [{ link: '1G' }, SECOND, MS, '--step: not with --link'],
  [{ burst: '1ms', link: '1GB/s' }, null, null, "--link: '1GB/s' is not a rate"],
  [{ burst: '1ms', link: '1G', above: '0.9' }, null, null, "--above: '0.9' is not a part of a link"],
  [{ burst: '1ms', link: '1G', above: '101%' }, null, null, "--above: '101%' is not a part"],
  [{ burst: '1ms', link: '1G', above: '0%' }, null, null, "--above: '0%' is not a part"],
  [{ burst: 'soon' }, null, null, '--burst: "soon" is not a duration'],
  [{ assert: ['total.peak < 1M'] }, null, null, '--assert: peak needs --burst'],
  [{ assert: ['total.above < 1%'], burst: '1ms' }, null, null, '--assert: above needs --link'],
  [{ assert: ['total.nope < 1'] }, null, null, "--assert: 'total.nope < 1', character 7: no metric 'nope'"],
  [{ assert: ['total.rate < 1M'] }, SECOND, MS, '--assert: not with --step'],
  [{ assert: ['total.p95 < 1M'] }, SECOND, MS, '--step: not with --assert'],
] as const)('%j, window %s, step %s: %s', (flags, windowNs, stepNs, message) => {
  const { assert, ...rest } = flags as Partial<ShapeFlags>
  expect(() => choose({ ...rest, ...(assert && { assert: [...assert] }) }, windowNs, stepNs)).toThrow(message)
})
