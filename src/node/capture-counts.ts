/**
 * The counters that a capture tool prints when it ends → frames received and dropped. The same numbers are in the Interface
 * Statistics Blocks of pcapng; pcap has no place for them.
 */
export interface CaptureCounts {
  /** Frames that were handed to us, without the dropped ones. Null: the tool did not say. */
  readonly received: number | null
  /** Frames that the kernel, the driver or the tool's queue lost. Null: the tool did not say, as when it was killed. */
  readonly dropped: number | null
}

/** All interfaces together, and each in the order in which the tool was given them; no such list when it only says the sum. */
export interface ToolCounts extends CaptureCounts {
  readonly interfaces: readonly CaptureCounts[]
}

/** dumpcap: one line an interface, `received/dropped on interface 'va': 399260/80741 (pcap:…`. */
const DUMPCAP = /received\/dropped on interface '.*': (\d+)\/(\d+) /g
/** tshark: one line for each interface that lost some, none for the others. */
const TSHARK_DROPS = /^(\d+) packets? dropped from /gm
const CAPTURED = /^(\d+) packets? captured/m
const TCPDUMP_DROPS = /^(\d+) packets? dropped by (?:kernel|interface)/gm
const RECEIVED_BY_FILTER = /^\d+ packets? received by filter/m

export function parseCaptureCounts(stderr: string): ToolCounts {
  const perInterface = [...stderr.matchAll(DUMPCAP)]
  if (perInterface.length > 0) {
    const interfaces = perInterface.map((match) => ({ received: Number(match[1]), dropped: Number(match[2]) }))
    return { received: sum(perInterface, 1), dropped: sum(perInterface, 2), interfaces }
  }
  const captured = CAPTURED.exec(stderr)
  if (captured === null) return { received: null, dropped: null, interfaces: [] }
  const drops = RECEIVED_BY_FILTER.test(stderr) ? TCPDUMP_DROPS : TSHARK_DROPS
  return { received: Number(captured[1]), dropped: sum([...stderr.matchAll(drops)], 1), interfaces: [] }
}

function sum(matches: readonly RegExpMatchArray[], group: number): number {
  return matches.reduce((total, match) => total + Number(match[group]), 0)
}
