import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { labelAddress } from '../../src/names/labels.ts'
import { LOCAL_BY_KIND, parseLocalNetworks } from '../../src/names/local-networks.ts'
import { missingTools } from '../support/tools.ts'

const missing = missingTools('python3')
if (missing !== null) console.log(`local networks against Python: skipped, ${missing}`)

const GROUPS = ['Multicast', 'Broadcast']
const address4 = fc.uint8Array({ minLength: 4, maxLength: 4 })
const address6 = fc.uint8Array({ minLength: 16, maxLength: 16 })

it.skipIf(missing !== null)(
  "takes an address for ours as Python's ipaddress has it, and groups of hosts with it",
  () => {
    const cases = fc.sample(
      fc.oneof(
        fc.tuple(address4, address4, fc.nat(32)),
        fc.tuple(address6, address6, fc.nat(128)),
        // Neighbours: most random pairs differ in their first bits.
        fc.tuple(address4, fc.nat(3), fc.nat(32)).map(([from, byte, prefix]) => {
          const near = new Uint8Array(from)
          near[byte] = near[byte]! ^ 1
          return [from, near, prefix] as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, number]
        }),
      ),
      400,
    )
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
    const script = `import sys, ipaddress as ip
for line in sys.stdin:
    n, a, p = line.split()
    print(int(ip.ip_address(bytes.fromhex(a)) in ip.ip_network((bytes.fromhex(n), int(p)), strict=False)), ip.ip_address(bytes.fromhex(n)))`
    const input = cases.map(([network, address, prefix]) => `${hex(network)} ${hex(address)} ${prefix}`).join('\n')
    const said = execFileSync('python3', ['-c', script], { input, encoding: 'utf8' }).trim().split('\n')
    const verdicts = new Set<boolean>()
    for (const [i, [, address, prefix]] of cases.entries()) {
      const [isIn, network] = said[i]!.split(' ')
      const expected = isIn === '1' || GROUPS.includes(labelAddress(address))
      verdicts.add(isIn === '1')
      expect([network, address, parseLocalNetworks(`${network}/${prefix}`).isLocal(address)]).toEqual([
        network,
        address,
        expected,
      ])
    }
    expect(verdicts).toEqual(new Set([true, false]))
  },
)

it('several networks, with spaces, and addresses without a prefix', () => {
  const { networks, isLocal } = parseLocalNetworks('192.0.2.0/24, 198.51.100.7,2001:db8::1')
  expect(networks).toEqual(['192.0.2.0/24', '198.51.100.7/32', '2001:db8::1/128'])
  const is4 = (...bytes: number[]) => isLocal(Uint8Array.from(bytes))
  expect([is4(192, 0, 2, 255), is4(198, 51, 100, 7), is4(198, 51, 100, 8), is4(10, 0, 0, 1)]).toEqual([
    true,
    true,
    false,
    false,
  ])
})

it.each(['', '10', '10.0.0.0/33', '10.0.0', 'example.org', '10.0.0.0/8,,', '2001:db8::/129', '0x0a.0.0.1'])(
  "'%s' is no network",
  (text) => {
    expect(() => parseLocalNetworks(text)).toThrow(/ is no network: write /)
  },
)

it('by kind: private, loopback, link-local, and groups of hosts', () => {
  const kinds: readonly (readonly [string, boolean])[] = [
    ['10.1.2.3', true],
    ['127.0.0.1', true],
    ['169.254.1.1', true],
    ['224.0.0.251', true],
    ['255.255.255.255', true],
    ['100.64.0.1', false],
    ['8.8.8.8', false],
  ]
  for (const [text, isLocal] of kinds) {
    expect([text, LOCAL_BY_KIND.isLocal(Uint8Array.from(text.split('.'), Number))]).toEqual([text, isLocal])
  }
})
