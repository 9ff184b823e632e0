/** Two readings of the same capture, held against each other. */
import type { Fault } from '../src/capture/fault.ts'
import type { StreamBatch } from '../src/capture/frame-batch.ts'
import type { Parser } from '../src/capture/parser.ts'
import { Finding } from './target.ts'

const COLUMNS = ['flow', 'length', 'origlen', 'caplen', 'interface', 'stop'] as const

/** Every column of the frames of `part` is that of `batch` from frame `done` on. */
export function comparePart(batch: StreamBatch, done: number, part: StreamBatch): void {
  for (let i = 0; i < part.count; i++) {
    for (const column of COLUMNS) {
      if (batch[column][done + i] !== part[column][i]) {
        throw new Finding(`${column} of a frame is ${batch[column][done + i]} whole, ${part[column][i]} in pieces`)
      }
    }
    const k = 2 * (done + i)
    if (batch.time[k] !== part.time[2 * i] || batch.time[k + 1] !== part.time[2 * i + 1])
      throw new Finding('times differ')
    if (Buffer.compare(dataOf(batch, done + i), dataOf(part, i)) !== 0) throw new Finding('captured bytes differ')
  }
}

export function dataOf(batch: StreamBatch, i: number): Uint8Array {
  const start = batch.data[i]!
  return batch.memory.subarray(start, start + batch.caplen[i]!)
}

/** What reading may end with is a Fault of a few kinds; anything else was thrown. */
export function faultText(fault: Fault | null): string {
  return fault === null ? 'no fault' : `${fault.kind} at ${fault.offset}: ${fault.message}`
}

export function interfaceText(parser: Parser, id: number): string {
  const { farTimes, ...facts } = parser.interface(id)
  return JSON.stringify([facts, farTimes?.map(String)])
}

/** Both are told from shortly before where they differ. */
export function same(what: string, a: unknown, b: unknown): void {
  if (a === b) return
  const [left, right] = [String(a), String(b)]
  let at = 0
  while (at < left.length && left[at] === right[at]) at++
  const part = (text: string) => text.slice(Math.max(0, at - 80), at + 200)
  throw new Finding(`${what}: ${part(left)} and ${part(right)}`)
}
