/** A finding → what it is, and what it does to the numbers, in words. All from outside (file names, damage) is made printable. */
import type { CheckReport, Finding } from '../check/finding.ts'
import { printable } from './printable.ts'
import { formatDuration } from './time-text.ts'
import { formatBytes, formatCount, formatShare } from './units.ts'

export interface FindingWords {
  /** One clause. */
  readonly what: string
  /** One sentence or two. */
  readonly effect: string
}

export function wordsOf(finding: Finding, { capture }: CheckReport): FindingWords {
  const { details, of } = finding
  const count = finding.count ?? 0
  const whole = of ?? 0
  const number = (name: string) => Number(details[name] ?? 0)
  const text = (name: string) => printable(String(details[name] ?? ''))
  const share = `${count} of ${whole} ${finding.unit ?? ''}s (${formatShare(count, whole)})`

  switch (finding.kind) {
    case 'unreadable': {
      const isPart = capture.files.includes(String(details.file))
      return {
        what: details.kind === 'unavailable' ? text('message') : `${text('file')}: ${text('message')}`,
        effect: !isPart
          ? 'Nothing of this file is in any number.'
          : capture.salvage === null
            ? 'What comes after this place is in no number; everything before it is.'
            : 'What was passed over is in no number; the frames before and behind are.',
      }
    }
    case 'no-frames':
      return { what: 'there is not a single frame', effect: 'Every number is zero.' }
    case 'drops':
      return {
        what: `${share} were dropped by the capture, as it says itself`,
        effect: `Packets, bytes and rates are too low; ${formatCount(count, 'frame')} are missing, at times nobody knows.`,
      }
    case 'drops-unknown':
      return {
        what: 'the file does not say whether frames were dropped',
        effect: 'Numbers may be too low. pcapng of dumpcap and tshark has the count, tcpdump prints it when it ends.',
      }
    case 'lost-segments':
      return {
        what: `${share} acknowledge bytes that were never captured, ${formatBytes(number('bytes'))} in all`,
        effect: 'Frames are missing, dropped on their way into the capture: packets, bytes and rates are too low.',
      }
    case 'one-way':
      return {
        what: `${share} have one direction only, though the other was acknowledged`,
        effect: 'The other direction took another way or was filtered: its packets and bytes are in no number.',
      }
    case 'no-handshake':
      return {
        what: `${share} without SYN`,
        effect:
          'They began before the capture, or their beginning is missing: their sums are not those of whole conversations.',
      }
    case 'conversation-limit':
      return {
        what: `${share} are of conversations beyond the first ${number('conversations')}`,
        effect: 'Findings about TCP conversations are about the first ones; all other numbers are of everything.',
      }
    case 'duplicates':
      return {
        what: `${share} repeat a frame of the last 10 ms, ${formatBytes(number('bytes'))} in all`,
        effect: `Packets are counted ${times(whole, whole - count)} and bytes ${times(capture.kept.bytes, capture.kept.bytes - number('bytes'))}: a mirror port of both directions, both sides of a router, or the same traffic in two files. editcap -d removes copies that are equal in every byte.`,
      }
    case 'oversized':
      return {
        what: `${share} are longer than Ethernet carries, the longest ${formatCount(number('largest'), 'byte')}`,
        effect: `Segments joined by the network card (TSO, GRO), unless the network has jumbo frames. Packet counts are too low, by ${number('packets_missing')} at least; bytes and rates are right but for the headers of those packets.`,
      }
    case 'snaplen':
      return {
        what: `${share} were cut by the snapshot length, ${formatBytes(number('bytes'))} of them are not in the file`,
        effect: 'None on packets, bytes and rates, which are those on the wire; what frames carried is incomplete.',
      }
    case 'headers-cut':
      return {
        what: `${share} were cut inside their headers`,
        effect: 'They are counted, but without the ports or addresses that were cut off, so in rows of their own.',
      }
    case 'lengths':
      return {
        what: `${share} have more bytes in the file than, as the file says, on the wire`,
        effect: 'They count with the smaller number: bytes and rates may be too low.',
      }
    case 'malformed':
      return {
        what: `${share} have headers that contradict themselves`,
        effect: 'They are counted, by the last header that could be read.',
      }
    case 'unknown-link':
      return {
        what: `${share} are of a link type that netkit does not decode`,
        effect: 'They are counted in one row of the interface, without addresses or protocols.',
      }
    case 'undecoded':
      return {
        what: `${share} could not be decoded to the end`,
        effect: 'They are counted, by the last header that is known.',
      }
    case 'untimed':
      return {
        what: `${share} have no time`,
        effect: 'They are in the totals of the capture and in no window.',
      }
    case 'time-backwards':
      return {
        what: `${share} are older than the frame before, by up to ${nanoseconds(number('largest_ns'))}`,
        effect:
          finding.severity === 'info'
            ? 'None: frames count in the window of their time, wherever they are in the file.'
            : 'The clock was set back: what happened before and after shares windows, whose rates are too high.',
      }
    case 'time-gap':
      return {
        what: `a silence of ${nanoseconds(number('largest_ns'))}${number('gaps') > 1 ? `, the longest of ${number('gaps')} of an hour or more` : ''}`,
        effect:
          'A quiet network, a pause of the capture or a clock that was set: rates over the whole capture are too low.',
      }
  }
}

/** `1.5 times`, or `3 times as they are` of nothing else. */
function times(counted: number, real: number): string {
  return real <= 0 ? 'too often' : `${Number((counted / real).toPrecision(3))} times`
}

/** Above 104 days the number is rounded; seconds are enough then. */
function nanoseconds(ns: number): string {
  const second = 1e9
  return formatDuration(BigInt(Number.isSafeInteger(ns) ? ns : Math.round(ns / second) * second))
}
