/**
 * The agreement of netkit and tshark 4.0 on TCP, conversation by conversation, with each rule by which they differ:
 *
 * - `refused`: tshark takes the time from a SYN to the RST that refuses it for an initial round trip; nothing was agreed on there.
 * - `cut`: tshark says what it can of a segment whose header is cut (or is in a fragment); netkit leaves it out and counts it as unread.
 * - `far`: times that 64 bits of nanoseconds cannot hold (beyond 2262) are no times to netkit.
 *
 * Everything else is equal, number by number. What tshark does not print, a round trip of 0, is counted by its `acks_frame`.
 */
import type { ReadConversation, ReadTcp } from './read-tcp.ts'
import type { TsharkConversation } from './tshark-tcp.ts'

export type Rule = 'refused' | 'cut' | 'far'

export interface Comparison {
  /** Numbers that were compared. */
  compared: number
  readonly rules: Record<Rule, number>
  readonly differences: string[]
}

export function compareTcp(ours: ReadTcp, theirs: Map<string, TsharkConversation>): Comparison {
  const result: Comparison = { compared: 0, rules: { refused: 0, cut: 0, far: 0 }, differences: [] }
  for (const key of new Set([...ours.conversations.keys(), ...theirs.keys()])) {
    const own = ours.conversations.get(key)
    const other = theirs.get(key)
    if (own !== undefined && own.counts.segments === 0) result.rules.cut++
    else if (own === undefined || other === undefined) result.differences.push(`${key}: only one has it`)
    else compareOne(key, own, other, ours.hasFarTimes, result)
  }
  return result
}

function compareOne(
  key: string,
  own: ReadConversation,
  other: TsharkConversation,
  hasFarTimes: boolean,
  result: Comparison,
): void {
  const differ = (what: string, here: unknown, there: unknown) =>
    result.differences.push(`${key}: ${what} ${here}, tshark ${there}`)
  const isCut = own.counts.unread > 0
  for (const [name, here] of Object.entries(own.counts)) {
    if (name === 'segments' || name === 'unread') continue
    result.compared++
    const there = other.counts[name] ?? 0
    if (here === there) continue
    if (isCut && here < there) result.rules.cut++
    else differ(name, here, there)
  }
  result.compared++
  if (own.handshakes !== other.initialRtts.length) {
    // No SYN/ACK of whoever was asked, and a RST: in Zeek's letters no h, but an r.
    const isRefused = own.handshakes === 0 && /r/.test(own.history) && !/h/i.test(own.history)
    if (isRefused) result.rules.refused++
    else differ('handshakes', own.handshakes, other.initialRtts.length)
  } else if (own.handshakeNs !== other.initialRtts.reduce((sum, ns) => sum + ns, 0)) {
    differ('time of handshakes', own.handshakeNs, other.initialRtts)
  }
  if (hasFarTimes) {
    result.rules.far++
    return
  }
  for (const source of new Set([...Object.keys(own.rtts), ...Object.keys(other.rtts)])) {
    result.compared += 4
    const here = own.rtts[source]
    const there = other.rtts[source]
    const text = ({ count, sum, min, max }: { count: number; sum: number; min: number; max: number }) =>
      `${count} times, ${sum} ns, ${min} to ${max}`
    if (here === undefined || there === undefined || text(here) !== text(there)) {
      differ(`round trips from ${source}`, here && text(here), there && text(there))
    }
  }
}
