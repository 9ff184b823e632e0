/** Whether a request means this server by its Host header: names are what DNS rebinding comes with, addresses are not. */
import { BlockList, isIP } from 'node:net'

const LOOPBACKS = new BlockList()
LOOPBACKS.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACKS.addAddress('::1', 'ipv6')

/** Also `localhost`, which browsers do not ask DNS for. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  const family = isIP(host)
  return family !== 0 && LOOPBACKS.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * The port is not looked at: a tunnel (`ssh -L 9000:127.0.0.1:8080`) has another. `local`: the server listens on loopback, so whoever
 * comes by another address came through somebody else's door.
 */
export function isAllowedHost(header: string | undefined, local: boolean): boolean {
  const host = hostOf(header)
  return host !== null && (isLoopback(host) || (!local && isIP(host) !== 0))
}

/** `127.0.0.1:80` → `127.0.0.1`, `[::1]:80` → `::1`; RFC 9110 §7.2. */
function hostOf(header: string | undefined): string | null {
  const match = /^(?:\[([\da-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header ?? '')
  return (match?.[1] ?? match?.[2] ?? null)?.toLowerCase() ?? null
}
