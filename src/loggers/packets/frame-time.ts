/**
 * The time of a frame, as a batch holds it → text, exact to the nanosecond. No bigint a frame: those cost more than all the
 * rest of a row. Most frames share their second with the one before, whose text is kept.
 */
import { NO_TIME_HIGH_WORD, type StreamBatch } from '../../capture/frame-batch.ts'
import { formatTime } from '../time-text.ts'
import { encode, type LineBuffer } from './line-buffer.ts'

const NS_PER_SECOND = 1_000_000_000
const TWO_32 = 4_294_967_296

export type WriteTime = (out: LineBuffer, batch: StreamBatch, i: number) => void

/** `2025-11-03T10:00:05.123456789Z`; `none` for a frame without a time. */
export function createTimeWriter(none: string): WriteTime {
  return createWriter(none, (second) => formatTime(BigInt(second) * 1_000_000_000n).slice(0, -10), 'Z')
}

/** Nanoseconds since 1970 as digits between `quote`s. */
export function createNsWriter(none: string, quote: string): WriteTime {
  const write = createWriter(none, (second) => `${quote}${second}`, quote)
  return (out, batch, i) => {
    const high = batch.time[2 * i + 1]! | 0
    // Not before 1970, nor in its first seconds, where zeros would lead.
    if (high > 0 || isNone(batch, i)) write(out, batch, i)
    else out.text(encode(`${quote}${(BigInt(high) << 32n) | BigInt(batch.time[2 * i]!)}${quote}`))
  }
}

function createWriter(none: string, textOf: (second: number) => string, end: string): WriteTime {
  const noneBytes = encode(none)
  const endBytes = encode(end)
  let lastSecond = Number.NaN
  let text = noneBytes
  return (out, batch, i) => {
    if (isNone(batch, i)) return out.text(noneBytes)
    const low = batch.time[2 * i]!
    const high = batch.time[2 * i + 1]! | 0
    // A double holds 53 of the 64 bits, so the second can be one off; the rest modulo 2^32 is exact and tells.
    let second = Math.floor((high * TWO_32 + low) / NS_PER_SECOND)
    let rest = (low - Math.imul(second, NS_PER_SECOND)) | 0
    if (rest < 0) {
      rest += NS_PER_SECOND
      second--
    } else if (rest >= NS_PER_SECOND) {
      rest -= NS_PER_SECOND
      second++
    }
    if (second !== lastSecond) {
      lastSecond = second
      text = encode(textOf(second))
    }
    out.text(text)
    out.nanoseconds(rest)
    out.text(endBytes)
  }
}

function isNone({ time }: StreamBatch, i: number): boolean {
  return time[2 * i + 1]! === NO_TIME_HIGH_WORD && time[2 * i]! === 0
}
