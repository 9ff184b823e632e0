import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pcapng } from '../support/build-capture.ts'
import { readCapture } from '../support/read-capture.ts'

const NS = 1_000_000_000n
const FITS = 2n ** 63n
const data = new Uint8Array(0)

const allResolutions = Array.from({ length: 256 }, (_, tsresol) => tsresol)

/** draft-ietf-opsawg-pcapng §4.2: if_tsresol and if_tsoffset, with numbers of any size. Rounded down, as the rest of netkit. */
function exactTime(tsresol: number, tsoffset: bigint, ticks: bigint): bigint {
  const perSecond = tsresol < 128 ? 10n ** BigInt(tsresol) : 2n ** BigInt(tsresol - 128)
  return (ticks * NS) / perSecond + tsoffset * NS
}

/** Times of one packet an interface, for interfaces of the given clocks. */
async function timesOf(clocks: readonly { tsresol: number; tsoffset: bigint; ticks: bigint }[]) {
  const blocks = pcapng()
  const { frames, interfaces } = await readCapture(
    Buffer.concat([
      blocks.section(),
      ...clocks.map(({ tsresol, tsoffset }) => blocks.interface({ tsresol, tsoffset: BigInt.asUintN(64, tsoffset) })),
      ...clocks.map(({ ticks }, id) => blocks.packet({ ticks, interface: id, data })),
    ]),
  )
  return frames.map(({ time }, id) => time ?? interfaces[id]!.farTimes)
}

function expected(tsresol: number, tsoffset: bigint, ticks: bigint) {
  const time = exactTime(tsresol, tsoffset, ticks)
  return time > -FITS && time < FITS ? time : [time, time]
}

test.each([
  { offset: 0n, name: 'no offset' },
  { offset: 3600n, name: 'an hour' },
  { offset: -(2n ** 63n), name: 'the lowest' },
  { offset: 2n ** 63n - 1n, name: 'the highest' },
])('every resolution, extreme tick counts, offset: $name', async ({ offset }) => {
  const extremes = [
    0n,
    1n,
    999_999n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 53n + 1n,
    2n ** 63n - 1n,
    2n ** 63n,
    2n ** 64n - 1n,
  ]
  for (const ticks of extremes) {
    const times = await timesOf(allResolutions.map((tsresol) => ({ tsresol, tsoffset: offset, ticks })))
    expect(times).toEqual(allResolutions.map((tsresol) => expected(tsresol, offset, ticks)))
  }
})

const ticksOfAnyLength = fc
  .integer({ min: 1, max: 64 })
  .chain((bits) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }))
const anyOffset = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: -(2n ** 34n), max: 2n ** 34n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
const anyClock = fc.record({ tsresol: fc.integer({ min: 0, max: 255 }), tsoffset: anyOffset, ticks: ticksOfAnyLength })

/** Clocks whose sum falls within some nanoseconds of a bound of 64 bits: -2^63 itself says "no time". */
const edgeClock = fc
  .record({
    tsresol: fc.integer({ min: 0, max: 9 }),
    ticks: fc.bigInt({ min: 0n, max: 2n ** 63n }),
    bound: fc.constantFrom(FITS, -FITS),
    beyond: fc.bigInt({ min: -2n, max: 2n }),
  })
  .map(({ tsresol, ticks: high, bound, beyond }) => {
    const perSecond = 10n ** BigInt(tsresol)
    const seconds = high / perSecond
    const floor = (bound - (((bound % NS) + NS) % NS)) / NS
    // The ticks of the second in which the bound lies, next to the bound.
    const fraction = ((bound - floor * NS) * perSecond) / NS + beyond
    return { tsresol, tsoffset: floor - seconds, ticks: seconds * perSecond + (fraction < 0n ? 0n : fraction) }
  })

test('random clocks agree with numbers of any size', async () => {
  const clocks = fc.array(fc.oneof(anyClock, edgeClock), { minLength: 50, maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(clocks, async (list) => {
      const inRange = list.filter(({ tsoffset }) => tsoffset >= -FITS && tsoffset < FITS)
      expect(await timesOf(inRange)).toEqual(
        inRange.map(({ tsresol, tsoffset, ticks }) => expected(tsresol, tsoffset, ticks)),
      )
    }),
    { numRuns: 100 },
  )
})

test('the last nanosecond that fits, and the first that does not, on either side', async () => {
  const [lastSecond, firstSecond] = [FITS / NS, -FITS / NS - 1n]
  const clock = (tsoffset: bigint, ticks: bigint) => ({ tsresol: 9, tsoffset, ticks })
  const times = await timesOf([
    clock(lastSecond, 854_775_807n),
    clock(lastSecond, 854_775_808n),
    clock(0n, FITS - 1n),
    clock(0n, FITS),
    clock(firstSecond, 145_224_193n),
    clock(firstSecond, 145_224_192n),
  ])
  expect(times).toEqual([FITS - 1n, [FITS, FITS], FITS - 1n, [FITS, FITS], -FITS + 1n, [-FITS, -FITS]])
})
