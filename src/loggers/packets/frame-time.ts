/**
 * The time of a frame, as a batch holds it → text, exact to the nanosecond. No bigint a frame: those cost more than all the
 * rest of a row. Most frames share their second with the one before, whose text is kept.
 */
import { NO_TIME_HIGH_WORD, type StreamBatch } from '../../capture/frame-batch.ts'
import { fixedText, type LineBuffer } from '../line-buffer.ts'
import { formatTime } from '../time-text.ts'

const NS_PER_SECOND = 1_000_000_000n
const BILLION = 1_000_000_000
const TWO_32 = 4_294_967_296

export type WriteTime = (out: LineBuffer, batch: StreamBatch, i: number) => void

/** `2025-11-03T10:00:05.123456789Z`; `none` for a frame without a time. */
export function createTimeWriter(none: string): WriteTime {
  return createWriter(none, (startNs) => formatTime(startNs).slice(0, -10), 'Z')
}

/** Nanoseconds since 1970 as digits between `quote`s. */
export function createNsWriter(none: string, quote: string): WriteTime {
  const write = createWriter(none, (startNs) => `${quote}${startNs / NS_PER_SECOND}`, quote)
  return (out, batch, i) => {
    const high = batch.time[2 * i + 1]! | 0
    // Not before 1970, nor in its first seconds, where zeros would lead.
    if (high > 0 || isNone(batch, i)) write(out, batch, i)
    else out.ascii(`${quote}${(BigInt(high) << 32n) | BigInt(batch.time[2 * i]!)}${quote}`)
  }
}

function createWriter(none: string, textOf: (startNs: bigint) => string, end: string): WriteTime {
  const noneText = fixedText(none)
  const endText = fixedText(end)
  /** Where the second begins whose text is at hand: the two words of its time. */
  let startLow = 0
  let startHigh = Number.NaN
  let text = noneText
  return (out, batch, i) => {
    if (isNone(batch, i)) return out.text(noneText)
    const low = batch.time[2 * i]!
    const high = batch.time[2 * i + 1]! | 0
    let rest = (high - startHigh) * TWO_32 + (low - startLow)
    // Exact for what is near; what is far is far in a double too. False also for the first, which is compared with no number.
    if (!(rest >= 0 && rest < BILLION)) {
      const ns = (BigInt(high) << 32n) | BigInt(low)
      rest = Number(ns % NS_PER_SECOND)
      if (rest < 0) rest += BILLION
      const startNs = ns - BigInt(rest)
      startLow = Number(BigInt.asUintN(32, startNs))
      startHigh = Number(startNs >> 32n)
      text = fixedText(textOf(startNs))
    }
    out.text(text)
    out.nanoseconds(rest)
    out.text(endText)
  }
}

function isNone({ time }: StreamBatch, i: number): boolean {
  return time[2 * i + 1]! === NO_TIME_HIGH_WORD && time[2 * i]! === 0
}
