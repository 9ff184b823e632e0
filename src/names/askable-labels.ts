/** The label of an address → is it worth asking somebody for the name of its host? */
import { IPV4_SPECIAL_BLOCKS, IPV6_SPECIAL_BLOCKS } from './special-addresses.ts'

/** No name server has a name for these: groups, places that exist in every network, and addresses of nobody. */
const NAMELESS: ReadonlySet<string> = new Set([
  'Broadcast',
  'Discard',
  'Documentation',
  'Dummy',
  'Link-Local',
  'Localhost',
  'Multicast',
  'This Network',
  'Unspecified',
])

const ASKABLE: ReadonlySet<string> = new Set(
  [...IPV4_SPECIAL_BLOCKS, ...IPV6_SPECIAL_BLOCKS].map(([, label]) => label).filter((label) => !NAMELESS.has(label)),
)

/**
 * True for a label of unicast IP addresses; private ones are among them, because the DNS of their network knows them.
 * False for what is no label of an IP address at all: a MAC address, an interface, a name that somebody knew already.
 */
export function isWorthAsking(label: string): boolean {
  return ASKABLE.has(label)
}
