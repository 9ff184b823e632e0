import { describe, expect, test } from 'vitest'
import {
  defaultInterface,
  defaultOfIpv4Routes,
  defaultOfIpv6Routes,
  interfaceOfRoute,
} from '../../src/node/default-interface.ts'
import { missingTools, output } from '../support/tools.ts'

/** Linux 6.18; the second default has the lower metric. */
const IPV4 = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	010200C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	010200C0	0003	0	0	100	00000000	0	0	0
down0	00000000	010200C0	0002	0	0	0	00000000	0	0	0
vpn0	00000000	00000000	0201	0	0	0	00000000	0	0	0
half0	00000000	00000000	0001	0	0	0	00000080	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
`
const IPV6 = `fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth1
00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000004 00000000 80200001       lo
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`

describe('tables of Linux', () => {
  test('the default that is up, with the lowest metric', () => {
    expect(defaultOfIpv4Routes(IPV4)).toBe('eth0')
    expect(defaultOfIpv6Routes(IPV6)).toBe('eth1')
  })

  test('none', () => {
    expect([defaultOfIpv4Routes(''), defaultOfIpv6Routes('')]).toEqual([null, null])
    expect(defaultOfIpv4Routes(IPV4.split('\n')[0]!)).toBeNull()
    expect(defaultOfIpv6Routes(IPV6.split('\n')[3]!)).toBeNull()
  })
})

const missing = process.platform === 'linux' ? missingTools('ip') : 'ip is a tool of Linux'
if (missing !== null) console.log(`the default route is not compared: ${missing}`)
describe.skipIf(missing !== null)('this machine, as ip-route(8) sees it', () => {
  const routes = (family: string) =>
    JSON.parse(output('ip', ['-j', family, 'route', 'show', 'default']) || '[]') as { dev?: string }[]

  test('the default interface', async () => {
    expect(await defaultInterface()).toBe((routes('-4')[0] ?? routes('-6')[0])?.dev ?? null)
  })

  test('the same by asking the kernel where a datagram would go', async () => {
    expect(await interfaceOfRoute()).toBe(routes('-4')[0]?.dev ?? null)
  })
})
