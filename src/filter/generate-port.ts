/** `port` and `portrange` to tests of TCP, UDP and SCTP over IPv6 without extension headers, and over IPv4 in first fragments. */
import type { Direction, Protocol } from './ast.ts'
import { fail } from './failure.ts'
import { atEnds } from './generate-host.ts'
import type { Link } from './link.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from './network-protocols.ts'
import { isTypeOf } from './protocols.ts'
import type { Transport } from './services.ts'
import { all, any, equals, hasBits, isGreater, isNotLess, not, type Step, type Test } from './tests.ts'

export interface PortRange {
  readonly from: number
  readonly to: number
  /** Of a name: what it is registered for. */
  readonly transports?: readonly Transport[] | undefined
  readonly name?: string
}

const NUMBERS = { sctp: 132, tcp: 6, udp: 17 }
const EVERY: readonly Transport[] = ['sctp', 'tcp', 'udp']
const FRAGMENT_OFFSET = 0x1fff
const SOURCE_PORT = 0
const DESTINATION_PORT = 2

export function isPort(
  link: Link,
  protocol: Protocol | null,
  direction: Direction | null,
  range: PortRange,
  word: string,
): Test {
  if (protocol !== null && protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') {
    return fail(`'${protocol}' does not go with '${word}': tcp, udp and sctp have ports`)
  }
  const transports = transportsOf(protocol, range)
  const ofVersion = (type: number, test: (transport: Transport) => Test) =>
    all(isTypeOf(link, type), any(...transports.map(test)))
  return any(
    ofVersion(ETHERTYPE_IPV6, (transport) =>
      all(
        equals(link.inNetwork(6, 1), NUMBERS[transport]),
        isAt(direction, range, (offset) => link.inNetwork(40 + offset, 2)),
      ),
    ),
    ofVersion(ETHERTYPE_IPV4, (transport) =>
      all(
        equals(link.inNetwork(9, 1), NUMBERS[transport]),
        isFirstFragment(link),
        isAt(direction, range, (offset) => link.inIpv4Payload(offset, 2)),
      ),
    ),
  )
}

export function isFirstFragment(link: Link): Test {
  return not(hasBits(link.inNetwork(6, 2), FRAGMENT_OFFSET))
}

/** A name that is registered for one transport means that one; for several, any that has ports. */
function transportsOf(protocol: Transport | null, { transports = EVERY, name }: PortRange): readonly Transport[] {
  const isOnly = transports.length === 1
  if (protocol === null) return isOnly ? transports : EVERY
  if (isOnly && transports[0] !== protocol) return fail(`the port '${name}' is one of ${transports[0]}`)
  return [protocol]
}

function isAt(direction: Direction | null, { from, to }: PortRange, load: (offset: number) => Step[]): Test {
  const low = Math.min(from, to)
  const high = Math.max(from, to)
  return atEnds(direction, SOURCE_PORT, DESTINATION_PORT, (offset) =>
    low === high ? equals(load(offset), low) : all(isNotLess(load(offset), low), not(isGreater(load(offset), high))),
  )
}
