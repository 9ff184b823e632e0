/** The interface by which this machine reaches the rest of the world. */
import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** Null when there is no default route. On Windows the friendly name. */
export async function defaultInterface(): Promise<string | null> {
  if (process.platform === 'linux') {
    const ipv4 = defaultOfIpv4Routes(readText('/proc/net/route'))
    return ipv4 ?? defaultOfIpv6Routes(readText('/proc/net/ipv6_route'))
  }
  if (process.platform === 'win32') return interfaceOfRoute()
  return (await routeGet('-inet')) ?? (await routeGet('-inet6'))
}

const RTF_UP = 0x1
const RTF_REJECT = 0x200

/** /proc/net/route: numbers in hexadecimal, addresses in network order as a number of this machine. The lowest metric wins. */
export function defaultOfIpv4Routes(text: string): string | null {
  return lowestMetric(
    rowsOf(text).map(([name, destination, , flags, , , metric, mask]) => ({
      name: name!,
      isDefault: destination === '00000000' && mask === '00000000',
      flags: Number.parseInt(flags ?? '', 16),
      metric: Number(metric),
    })),
  )
}

/** /proc/net/ipv6_route: destination, prefix length, source, its length, next hop, metric, two counters, flags, name. */
export function defaultOfIpv6Routes(text: string): string | null {
  return lowestMetric(
    rowsOf(text).map(([destination, length, , , , metric, , , flags, name]) => ({
      name: name!,
      isDefault: /^0+$/.test(destination ?? '') && length === '00',
      flags: Number.parseInt(flags ?? '', 16),
      metric: Number.parseInt(metric ?? '', 16),
    })),
  )
}

interface Route {
  readonly name: string
  readonly isDefault: boolean
  readonly flags: number
  readonly metric: number
}

function lowestMetric(routes: readonly Route[]): string | null {
  const usable = routes.filter(
    ({ isDefault, flags }) => isDefault && (flags & RTF_UP) !== 0 && (flags & RTF_REJECT) === 0,
  )
  return (
    usable.reduce<Route | null>((best, route) => (best && best.metric <= route.metric ? best : route), null)?.name ??
    null
  )
}

function rowsOf(text: string): string[][] {
  return text.split('\n').map((line) => line.trim().split(/\s+/))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** route(8) of macOS and the BSDs: `  interface: en0`. */
function routeGet(family: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('route', ['-n', 'get', family, 'default'], { timeout: 2000 }, (_error, stdout) => {
      resolve(/^\s*interface: (\S+)$/m.exec(stdout)?.[1] ?? null)
    })
  })
}

/**
 * A connected UDP socket has the address of the interface that its datagrams would leave by. None is sent; 192.0.2.1 is for
 * documentation (RFC 5737) and routed like the rest.
 */
export function interfaceOfRoute(): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const settle = (name: string | null) => {
      socket.close()
      resolve(name)
    }
    socket.once('error', () => settle(null))
    socket.connect(9, '192.0.2.1', () => {
      const { address } = socket.address()
      const found = Object.entries(networkInterfaces()).find(([, list]) => list?.some((one) => one.address === address))
      settle(found?.[0] ?? null)
    })
  })
}
