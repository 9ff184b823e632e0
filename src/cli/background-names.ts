/**
 * The addresses of a running capture → the names of their hosts, looked up in the background: nothing waits for DNS, a name is
 * there from the next look on. The code that can ask DNS is loaded here: without a call it is not there.
 */
import { isWorthAsking } from '../names/askable-labels.ts'
import type { HostNames } from '../pipeline/resolve-names.ts'

export interface BackgroundNames {
  /** For an endpoint namer. */
  readonly hostNames: (address: string, label: string) => string | undefined
  /** For a screen, which asks for the rows that are on it. */
  readonly names: HostNames
  /** A capture filter that matches the frames of our own lookups; null when there is no server to ask. */
  readonly ownFrames: string | null
  close(): void
}

/**
 * Hosts that are asked for in a second, at most; the rows with the most traffic come first. Whoever sends from a million
 * addresses shall not make us send a million questions.
 */
const ASKED_A_SECOND = 100
const MAX_UNDER_WAY = 100
/** 10 MB when full (Node 20). */
const MAX_NAMES = 50_000

/** Resolves when the lookups' ports are open, which is before the first one. */
export async function startBackgroundNames(): Promise<BackgroundNames> {
  const [{ createDnsClient }, { lookupFilter }, { createReverseDns }] = await Promise.all([
    import('../node/dns-client.ts'),
    import('../node/lookup-filter.ts'),
    import('../node/reverse-dns.ts'),
  ])
  const client = createDnsClient()
  const paths = await client.paths()
  const resolver = { resolvePtr: client.resolvePtr, cancel: client.close }
  const dns = createReverseDns({ resolver, maxEntries: MAX_NAMES })
  let underWay = 0
  let asked = 0
  let second = performance.now()

  function mayAsk(): boolean {
    const now = performance.now()
    if (now - second >= 1000) {
      second = now
      asked = 0
    }
    return paths.length > 0 && underWay < MAX_UNDER_WAY && asked < ASKED_A_SECOND
  }

  return {
    hostNames(address, label) {
      if (!isWorthAsking(label)) return undefined
      const name = dns.known(address)
      if (name !== undefined) return name ?? undefined
      if (mayAsk()) {
        asked++
        underWay++
        void dns.lookup(address).then(() => underWay--)
      }
      return undefined
    },
    names: dns,
    ownFrames: paths.length === 0 ? null : lookupFilter(paths),
    close: dns.close,
  }
}
