import dns from 'node:dns'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { type BackgroundNames, startBackgroundNames } from '../../src/cli/background-names.ts'
import { labelAddress } from '../../src/names/labels.ts'
import { type Reply, startDnsServer } from '../support/dns-server.ts'
import { addressBytes } from '../support/frames.ts'

const machineServers = dns.getServers()
afterEach(() => dns.setServers(machineServers))

async function start(reply: (name: string) => Reply | null) {
  const server = await startDnsServer(reply)
  // As if the machine were set up with it.
  dns.setServers([server.address])
  const names = await startBackgroundNames()
  onTestFinished(() => names.close())
  return { names, server }
}

const nameOf = ({ hostNames }: BackgroundNames, address: string) =>
  hostNames(address, labelAddress(addressBytes(address)))

test('a name is there from the next look on, and asked for once', async () => {
  const { names, server } = await start(() => ({ names: ['host.example'] }))
  expect(nameOf(names, '90.130.70.73')).toBeUndefined()
  await expect.poll(() => nameOf(names, '90.130.70.73')).toBe('host.example')
  expect(server.questions).toEqual(['73.70.130.90.in-addr.arpa'])
})

test('nobody is asked for a group or this machine, and once for a host without a name', async () => {
  const { names, server } = await start(() => ({ rcode: 3 }))
  const look = () =>
    ['224.0.0.251', '127.0.0.1', 'ff02::fb', '255.255.255.255', '10.0.0.1', 'fd00::1'].map((text) =>
      nameOf(names, text),
    )
  expect(look()).toEqual(Array(6).fill(undefined))
  await expect.poll(() => server.questions.length).toBe(2)
  expect(look()).toEqual(Array(6).fill(undefined))
  expect(new Set(server.questions)).toEqual(new Set(['1.0.0.10.in-addr.arpa', `1${'.0'.repeat(29)}.d.f.ip6.arpa`]))
  expect(server.questions).toHaveLength(2)
})

test('however many hosts there are, a second has 100 questions, the first ones first', async () => {
  const { names, server } = await start(() => ({ names: ['host.example'] }))
  const addresses = Array.from({ length: 5000 }, (_, i) => `10.1.${i >> 8}.${i & 255}`)
  const begin = performance.now()
  while (performance.now() - begin < 1500) {
    for (const address of addresses) nameOf(names, address)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await expect.poll(() => nameOf(names, addresses[150]!)).toBe('host.example')
  expect(nameOf(names, addresses[0]!)).toBe('host.example')
  expect(nameOf(names, addresses[400]!)).toBeUndefined()
  expect(server.questions.length).toBeLessThanOrEqual(300)
})

test('the filter names the server', async () => {
  const { names } = await start(() => null)
  const port = dns.getServers()[0]!.split(':')[1]
  expect(names.ownFrames).toMatch(new RegExp(`host 127\\.0\\.0\\.1 and udp port ${port} and udp port \\d+\\)`))
})

test('without a server nobody is asked', async () => {
  dns.setServers([])
  const names = await startBackgroundNames()
  onTestFinished(() => names.close())
  expect(names.ownFrames).toBeNull()
  expect(nameOf(names, '90.130.70.73')).toBeUndefined()
})
