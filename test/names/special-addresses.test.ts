import { BlockList } from 'node:net'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { IPV4_SPECIAL_BLOCKS, IPV6_SPECIAL_BLOCKS, type SpecialBlock } from '../../src/names/special-addresses.ts'

/** The Address Block column of the two IANA registries, 2025-10-09. */
const IPV4_REGISTRY = `
  0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29
  192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24
  192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4
  255.255.255.255/32`
const IPV6_REGISTRY = `
  ::1/128 ::/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:1::1/128
  2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28
  2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10`

const cidrs = (blocks: readonly SpecialBlock[]) => blocks.map(([cidr]) => cidr)
const words = (text: string) => text.trim().split(/\s+/)

test('every block of the registries is there, once', () => {
  expect(cidrs(IPV4_SPECIAL_BLOCKS)).toEqual(expect.arrayContaining(words(IPV4_REGISTRY)))
  expect(cidrs(IPV6_SPECIAL_BLOCKS)).toEqual(expect.arrayContaining(words(IPV6_REGISTRY)))
  for (const blocks of [IPV4_SPECIAL_BLOCKS, IPV6_SPECIAL_BLOCKS]) {
    expect(new Set(cidrs(blocks)).size).toBe(blocks.length)
  }
})

test('every block starts at a network address, as Node and ipaddr.js read it', () => {
  for (const [cidr] of [...IPV4_SPECIAL_BLOCKS, ...IPV6_SPECIAL_BLOCKS]) {
    const [text = '', prefix = ''] = cidr.split('/')
    const family = text.includes(':') ? 'ipv6' : 'ipv4'
    const network = (family === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(cidr).toString()
    const list = new BlockList()
    list.addSubnet(text, Number(prefix), family)
    expect(list.check(network, family)).toBe(true)
    expect(network).toBe(text)
  }
})
