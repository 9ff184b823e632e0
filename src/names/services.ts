/** Ports to the names of services, by the IANA registry as build/services.txt has it: lines of `443/tcp https`. */

export interface Services {
  /** Null where the registry has no name, or `protocol` (an IANA number) has no ports. */
  nameOf(protocol: number, port: number): string | null
}

/** UDP-Lite shares UDP's ports (RFC 3828 §6). */
const REGISTRIES: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 33: 'dccp', 132: 'sctp', 136: 'udp' }

/** Of millions of lines the first would do: the registry has some 11500. */
const MOST_LINES = 1 << 18

export function parseServices(text: string): Services {
  const names = new Map<string, string>()
  for (const line of text.split('\n', MOST_LINES)) {
    const space = line.indexOf(' ')
    if (space > 0 && !line.startsWith('#')) names.set(line.slice(0, space), line.slice(space + 1))
  }
  return {
    nameOf(protocol, port) {
      const registry = REGISTRIES[protocol]
      return registry === undefined ? null : (names.get(`${port}/${registry}`) ?? null)
    },
  }
}
