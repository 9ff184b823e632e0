import { describe, expect, test } from 'vitest'
import { pcapng } from '../support/build-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'
import { checkCaptures, timed, timeNs } from './check-captures.ts'

const frame = (us: number) => ({ us, data: udpFrame({ sourcePort: 1 + (us % 60_000) }) })
const HOUR = 3600e6

describe('times', () => {
  test('back by less than a second is a note, by more a clock that was set', async () => {
    const { summary, of } = await checkCaptures([timed([0, 500, 499, 2000, 1000].map(frame))])
    expect(summary).toEqual(['time-backwards info 2/5'])
    expect(of('time-backwards')).toMatchObject({
      first: { frame: 3, timeNs: timeNs(499) },
      details: { largest_ns: 1_000_000 },
    })
    expect((await checkCaptures([timed([0, 5e6, 4e6].map(frame))])).summary).toEqual(['time-backwards warning 1/3'])
    expect((await checkCaptures([timed([5, 5, 5].map((us, i) => ({ us, data: frame(i).data })))])).summary).toEqual([])
  })

  test('each file has an order of its own', async () => {
    const files = [timed([0, 10, 20].map(frame)), timed([5, 4, 30].map(frame))]
    expect((await checkCaptures(files)).summary).toEqual(['time-backwards info 1/6'])
  })

  test('silences of an hour, of a day; the longest has the place', async () => {
    expect((await checkCaptures([timed([0, HOUR - 1].map(frame))])).summary).toEqual([])
    const { summary, of } = await checkCaptures([timed([0, HOUR, 4 * HOUR, 3 * HOUR, 4 * HOUR + 1].map(frame))])
    expect(summary).toEqual(['time-backwards warning 1/5', 'time-gap info'])
    expect(of('time-gap')).toMatchObject({
      first: { frame: 3, timeNs: timeNs(4 * HOUR) },
      details: { largest_ns: 3 * 3600e9, gaps: 2 },
    })
    expect((await checkCaptures([timed([0, 24 * HOUR].map(frame))])).summary).toEqual(['time-gap warning'])
  })

  test('frames without a time, between others', async () => {
    const { section, interface: described, packet, simplePacket } = pcapng()
    const at = (ticks: bigint) => packet({ ticks, data: frame(Number(ticks)).data })
    const capture = Buffer.concat([
      section(),
      described(),
      at(1_000_000n),
      simplePacket({ data: frame(7).data }),
      at(1_000_001n),
    ])
    const { summary, of } = await checkCaptures([capture])
    expect(summary).toEqual(['untimed warning 1/3'])
    expect(of('untimed')!.first).toEqual({ frame: 2, timeNs: null })
  })
})
