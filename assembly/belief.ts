/**
 * Whether a reader that salvages takes what comes next in a pcap for a record. Nothing but its header and what it leads to can
 * tell.
 *
 * What is odd may still be sound, there are odd writers: then what it leads to are records as well, and what they have in
 * common is the writer's habit from there on. And the last record before damage may be the one that is damaged: cut, or with
 * a length that lies, it has taken records behind it for its packet.
 */
import { FAULT_STRAY_RECORD } from '../src/abi/faults.ts'
import { caplenAt, MOST_SECONDS_APART, ODD_TIME, ODD_TOO_LONG, ODD_ZEROS, oddities } from './plausible.ts'
import { fail, LOOKAHEAD, NO_SECONDS, offsetOf, Reader, u32At } from './reader.ts'
import { hidesRecords } from './salvage.ts'

/** An odd record is believed when so many follow. */
const RECORDS_AHEAD: u32 = 16

/** Whether to take the record at `at` for one. False: it is none, which is a fault, or more bytes are needed to tell. */
export function isBelieved(reader: Reader, at: usize): bool {
  const seconds = <i64>u32At(reader, at)
  const caplen = caplenAt(reader, at)
  const end = at + reader.recordHeaderLength + caplen
  // Its own bytes and the header behind them: cheap to ask for, and most often there.
  if (!reader.drained && end + reader.recordHeaderLength > reader.filled) return wait(reader, at, end)
  if (offsetOf(reader, at) >= reader.believedTo) {
    const odd = oddities(reader, at, reader.lastSeconds, MOST_SECONDS_APART) & ~reader.habits
    if (odd !== 0) {
      if (!reader.drained && reader.filled - at < LOOKAHEAD) return wait(reader, at, at + LOOKAHEAD)
      const known = endOfOdd(reader, at, odd)
      if (known === 0) return fail(reader, FAULT_STRAY_RECORD, at, seconds, caplen)
      reader.habits |= odd & ~(ODD_TIME | ODD_ZEROS)
      reader.believedTo = offsetOf(reader, known)
    }
  }
  if (caplen <= LOOKAHEAD && end < reader.filled && offsetOf(reader, end) >= reader.believedTo) {
    const odd = oddAtEnd(reader, end, seconds)
    if (odd !== 0) {
      const seen = at + 3 * LOOKAHEAD
      if (!reader.drained && reader.filled < seen) return wait(reader, at, seen)
      const leads = (odd & ODD_TOO_LONG) === 0 && endOfOdd(reader, end, odd) !== 0
      if (!leads && hidesRecords(reader, at, end)) return fail(reader, FAULT_STRAY_RECORD, at, seconds, caplen)
    }
  }
  reader.lastSeconds = seconds
  return true
}

/** What is odd about the header at `at`; one that is cut leads nowhere either. */
function oddAtEnd(reader: Reader, at: usize, before: i64): u32 {
  if (at + reader.recordHeaderLength > reader.filled) return ODD_TOO_LONG
  return oddities(reader, at, before, MOST_SECONDS_APART) & ~reader.habits
}

function wait(reader: Reader, at: usize, end: usize): bool {
  reader.wanted = <u32>(end - at) + reader.recordHeaderLength
  return false
}

/** Where the records end that the odd one at `at` leads to; 0: to none. */
function endOfOdd(reader: Reader, at: usize, odd: u32): usize {
  return (odd & ODD_ZEROS) !== 0 ? endOfZeros(reader, at) : endOfRecords(reader, at, odd === ODD_TIME)
}

/** How far there are only zeros: to the end of the capture, or of what is looked at. 0: something comes behind them. */
function endOfZeros(reader: Reader, start: usize): usize {
  const limit = min(reader.filled, start + LOOKAHEAD)
  let at = start
  while (at + reader.recordHeaderLength <= limit) {
    if ((oddities(reader, at, NO_SECONDS, 0) & ODD_ZEROS) === 0) return 0
    at += reader.recordHeaderLength
  }
  return reader.drained && limit === reader.filled && at !== limit ? 0 : at
}

/** Where the records end that follow each other from `start` on, by their lengths alone; 0 when one of them cannot be. */
function endOfRecords(reader: Reader, start: usize, mayBeCut: bool): usize {
  const limit = min(reader.filled, start + LOOKAHEAD)
  const isEnd = reader.drained && limit === reader.filled
  let at = start
  for (let count: u32 = 0; count < RECORDS_AHEAD; count++) {
    if (at + reader.recordHeaderLength > limit) return isEnd && at !== limit && !mayBeCut ? 0 : at
    if ((oddities(reader, at, NO_SECONDS, 0) & (ODD_ZEROS | ODD_TOO_LONG)) !== 0) return 0
    const end = at + reader.recordHeaderLength + caplenAt(reader, at)
    // The first one must be whole.
    if (end > limit) return isEnd && (count === 0 || !mayBeCut) ? 0 : end
    at = end
  }
  return at
}
