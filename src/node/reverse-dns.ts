/**
 * Addresses → names of hosts, by asking DNS servers for PTR records. An address is asked for once, however many ask at the same
 * time, and without an answer not again for a while; memory and queries under way are bounded.
 */
import { Resolver } from 'node:dns/promises'
import { LRUCache } from 'lru-cache'
import { isHostName } from '../names/host-name.ts'
import { reverseName } from '../names/reverse-name.ts'
import type { HostNames } from '../pipeline/resolve-names.ts'

/** Who asks; a Resolver of node:dns is one. */
export interface PtrResolver {
  /** The names of a domain name's PTR records. Rejects when it has none, or when nobody answers. */
  resolvePtr(question: string): Promise<string[]>
  /** Ends what is under way. */
  cancel(): void
}

export interface ReverseDnsOptions {
  /** Without it one of node:dns, with the next two options. */
  readonly resolver?: PtrResolver
  /** `192.0.2.53`, `127.0.0.1:5353`, `[2001:db8::53]:5353`; without them those that this machine is set up with. */
  readonly servers?: readonly string[]
  /** How long each server is given for an answer; it is asked once. */
  readonly timeoutMs?: number
  /** Addresses that are remembered or waited for; the one not asked about for longest makes place for a new one. */
  readonly maxEntries?: number
  /** Queries under way at the same time. */
  readonly concurrency?: number
  /** How long an address without a name is taken for one: servers recover, and hosts get names. */
  readonly namelessMs?: number
}

export interface ReverseDns extends HostNames {
  /** Ends all that is under way, which keeps a process alive; whoever waits for it, or asks later, gets null. */
  close(): void
}

/** What the cache holds for an address without a name. */
const NAMELESS = ''
const NAMELESS_MS = 10 * 60_000

export function createReverseDns(options: ReverseDnsOptions = {}): ReverseDns {
  const { maxEntries = 10_000, concurrency = 32, namelessMs = NAMELESS_MS } = options
  const resolver = options.resolver ?? nodeResolver(options)
  const turns = createTurns(concurrency)
  let closed = false

  async function ask(address: string, signal: AbortSignal): Promise<string> {
    const question = reverseName(address)
    if (question === null || !(await turns.take(signal))) return NAMELESS
    try {
      // Not reverse(): it reports a timeout as "not found", and needs an address where this takes any name.
      return (await resolver.resolvePtr(question)).find(isHostName) ?? NAMELESS
    } catch {
      // No such name, no answer, no server: no name to print.
      return NAMELESS
    } finally {
      turns.pass()
    }
  }

  const names = new LRUCache<string, string>({
    max: maxEntries,
    fetchMethod: async (address, _stale, { signal, options }) => {
      const name = await ask(address, signal)
      if (name === NAMELESS) options.ttl = namelessMs
      return name
    },
  })

  return {
    known(address) {
      const name = names.get(address)
      return name === undefined ? undefined : name || null
    },
    async lookup(address) {
      if (closed) return null
      try {
        return (await names.fetch(address)) || null
      } catch {
        // Pushed out of the cache, by newer addresses or by close().
        return null
      }
    },
    close() {
      closed = true
      names.clear()
      resolver.cancel()
    },
  }
}

function nodeResolver({ servers, timeoutMs = 500 }: ReverseDnsOptions): PtrResolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  if (servers !== undefined) resolver.setServers(servers)
  return resolver
}

/** At most `count` at a time, the others in the order of their coming. */
function createTurns(count: number) {
  const waiting = new Set<() => void>()
  let free = count
  return {
    /** True when it is the caller's turn, who then has to pass it on; false when the signal came first. */
    take(signal: AbortSignal): Promise<boolean> {
      if (free > 0) {
        free--
        return Promise.resolve(true)
      }
      return new Promise((resolve) => {
        const start = () => resolve(true)
        waiting.add(start)
        signal.addEventListener('abort', () => {
          // Gone from the set: its turn has come, and the answer is true already.
          if (waiting.delete(start)) resolve(false)
        })
      })
    },
    pass(): void {
      const [next] = waiting
      if (next === undefined) {
        free++
        return
      }
      waiting.delete(next)
      next()
    },
  }
}
