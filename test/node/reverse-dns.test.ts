import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createReverseDns, type ReverseDns, type ReverseDnsOptions } from '../../src/node/reverse-dns.ts'
import { type DnsServer, type Reply, startDnsServer } from '../support/dns-server.ts'

const NO_SUCH_NAME: Reply = { rcode: 3 }

async function start(
  reply: (name: string) => Reply | null,
  options: ReverseDnsOptions = {},
): Promise<{ dns: ReverseDns; server: DnsServer }> {
  const server = await startDnsServer(reply)
  const dns = createReverseDns({ servers: [server.address], ...options })
  onTestFinished(() => dns.close())
  return { dns, server }
}

/** `192.0.0.0` and on. */
const address = (i: number) => `192.0.${i >> 8}.${i & 255}`

test('the name, by IPv4 and by IPv6', async () => {
  const { dns, server } = await start((name) => ({ names: [name.startsWith('5.') ? 'v4.example' : 'v6.example'] }))
  expect(await dns.lookup('192.168.3.5')).toBe('v4.example')
  expect(await dns.lookup('fd00::1')).toBe('v6.example')
  expect(server.questions).toEqual(['5.3.168.192.in-addr.arpa', `1${'.0'.repeat(29)}.d.f.ip6.arpa`])
})

test('a delegation without classes leads through a CNAME (RFC 2317)', async () => {
  const { dns } = await start((name) => ({
    answers: [
      { type: 'CNAME', name, ttl: 60, data: '5.0-63.3.168.192.in-addr.arpa' },
      { type: 'PTR', name: '5.0-63.3.168.192.in-addr.arpa', ttl: 60, data: 'classless.example' },
    ],
  }))
  expect(await dns.lookup('192.168.3.5')).toBe('classless.example')
})

test('what is no IP address is not asked for', async () => {
  const { dns, server } = await start(() => ({ names: ['host.example'] }))
  for (const text of ['00:11:22:33:44:55', '', 'eth0', '..', 'host.example']) expect(await dns.lookup(text)).toBeNull()
  expect(server.questions).toEqual([])
})

test('an address is asked for once: at the same time, later, and when it has no name', async () => {
  const { dns, server } = await start((name) => {
    if (name.startsWith('1.')) return { names: ['one.example'], afterMs: 30 }
    return name.startsWith('2.') ? NO_SUCH_NAME : name.startsWith('3.') ? { rcode: 2 } : { names: [] }
  })
  const ask = () => Promise.all(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((text) => dns.lookup(text)))
  const expected = ['one.example', null, null, null]
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([expected, expected, expected])
  expect(await ask()).toEqual(expected)
  expect(server.questions.toSorted()).toEqual([1, 2, 3, 4].map((i) => `${i}.0.0.10.in-addr.arpa`))
})

test('what is known, and since when', async () => {
  const { dns, server } = await start((name) => (name.startsWith('1.') ? { names: ['one.example'] } : NO_SUCH_NAME))
  expect([dns.known('10.0.0.1'), dns.known('10.0.0.2')]).toEqual([undefined, undefined])
  const answers = [dns.lookup('10.0.0.1'), dns.lookup('10.0.0.2')]
  expect([dns.known('10.0.0.1'), dns.known('10.0.0.2')]).toEqual([undefined, undefined])
  await Promise.all(answers)
  expect([dns.known('10.0.0.1'), dns.known('10.0.0.2')]).toEqual(['one.example', null])
  expect(server.questions).toHaveLength(2)
})

test('a silent server costs the timeout, once', async () => {
  const { dns, server } = await start(() => null, { timeoutMs: 200 })
  const firstStart = performance.now()
  expect(await dns.lookup('10.0.0.1')).toBeNull()
  const first = performance.now() - firstStart
  expect(first).toBeGreaterThan(150)
  expect(first).toBeLessThan(2000)
  const secondStart = performance.now()
  expect(await dns.lookup('10.0.0.1')).toBeNull()
  expect(performance.now() - secondStart).toBeLessThan(100)
  expect(server.questions).toHaveLength(1)
})

test('an answer after the timeout is no answer', async () => {
  const { dns } = await start(() => ({ names: ['late.example'], afterMs: 400 }), { timeoutMs: 100 })
  expect(await dns.lookup('10.0.0.1')).toBeNull()
  await sleep(500)
  expect(dns.known('10.0.0.1')).toBeNull()
})

test('nobody there: no name, no error', async () => {
  // Port 9 of this machine: nothing listens there.
  const dns = createReverseDns({ servers: ['127.0.0.1:9'], timeoutMs: 200 })
  onTestFinished(() => dns.close())
  expect(await dns.lookup('10.0.0.1')).toBeNull()
})

const label = 'a'.repeat(60)
test.each([
  ['an escape sequence', '\x1b[2J\x1b[31mhost.example'],
  ['a line break', 'host\n.example'],
  ['a null', 'host\0.example'],
  ['bytes over 127', 'h\u00f6st.example'],
  ['text that turns around', '\u202emoc.example'],
  ['a space', 'host (Private Network) .example'],
  ['a wildcard', '*.example'],
  ['a slash', '../../etc.example'],
  ['an address', '192.0.2.1'],
  ['nothing', '.'],
  ['300 characters', `${label}.${label}.${label}.${label}.${'b'.repeat(56)}`],
])('a name with %s is no name', async (_what, hostile) => {
  const { dns, server } = await start((name) => ({ names: name.startsWith('1.') ? [hostile] : ['honest.example'] }))
  expect(await dns.lookup('10.0.0.1')).toBeNull()
  expect(await dns.lookup('10.0.0.2')).toBe('honest.example')
  expect(server.questions).toHaveLength(2)
})

test('of several names the first that is one', async () => {
  const { dns } = await start(() => ({ names: ['*.example', 'first.example', 'second.example'] }))
  expect(await dns.lookup('10.0.0.1')).toBe('first.example')
})

test('no more queries at a time than allowed, and every address gets its turn', async () => {
  let underWay = 0
  let most = 0
  const { dns, server } = await start(
    (name) => {
      most = Math.max(most, ++underWay)
      setTimeout(() => underWay--, 15)
      return { names: [`n${name}`], afterMs: 20 }
    },
    { concurrency: 4, timeoutMs: 5000 },
  )
  const names = await Promise.all(Array.from({ length: 40 }, (_, i) => dns.lookup(address(i))))
  expect(names.every((name) => name !== null)).toBe(true)
  expect(server.questions).toHaveLength(40)
  expect(most).toBeLessThanOrEqual(4)
  expect(most).toBeGreaterThan(1)
})

test('without a name it is asked again after a while, with one it is not', async () => {
  let up = false
  const { dns, server } = await start(
    (name) => (up || name.startsWith('1.') ? { names: ['host.example'] } : NO_SUCH_NAME),
    {
      namelessMs: 300,
    },
  )
  const ask = () => Promise.all(['10.0.0.1', '10.0.0.2'].map((text) => dns.lookup(text)))
  expect(await ask()).toEqual(['host.example', null])
  up = true
  expect(await ask()).toEqual(['host.example', null])
  await expect.poll(() => dns.known('10.0.0.2'), { timeout: 3000 }).toBeUndefined()
  expect(await ask()).toEqual(['host.example', 'host.example'])
  expect(server.questions.toSorted()).toEqual(['1.0.0.10.in-addr.arpa', ...Array(2).fill('2.0.0.10.in-addr.arpa')])
})

test('another resolver', async () => {
  let cancelled = 0
  const dns = createReverseDns({
    resolver: { resolvePtr: async (question) => [`n${question}`], cancel: () => cancelled++ },
  })
  expect(await dns.lookup('10.0.0.1')).toBe('n1.0.0.10.in-addr.arpa')
  dns.close()
  expect(cancelled).toBe(1)
})

test('the cache is bounded: the address not asked about for longest is forgotten', async () => {
  const { dns, server } = await start((name) => ({ names: [`n${name}`] }), { maxEntries: 3 })
  for (const i of [1, 2, 3, 1, 4]) await dns.lookup(address(i))
  expect([1, 2, 3, 4].map((i) => dns.known(address(i)) !== undefined)).toEqual([true, false, true, true])
  expect(server.questions).toHaveLength(4)
  await dns.lookup(address(2))
  expect(server.questions).toHaveLength(5)
})

test('so is what waits: lookups pushed out by newer ones end without a name and without a query', async () => {
  const { dns, server } = await start((name) => ({ names: [`n${name}`], afterMs: 20 }), {
    maxEntries: 10,
    concurrency: 2,
    timeoutMs: 5000,
  })
  const names = await Promise.all(Array.from({ length: 1000 }, (_, i) => dns.lookup(address(i))))
  expect(names.filter((name) => name !== null)).toHaveLength(10)
  expect(names.slice(-10).every((name) => name !== null)).toBe(true)
  // The two that were on the wire already, and the last ten.
  expect(server.questions).toHaveLength(12)
})

test('close ends what is under way, and nothing is asked for any more', async () => {
  const { dns, server } = await start(() => null, { concurrency: 2, timeoutMs: 60_000 })
  const answers = [1, 2, 3, 4].map((i) => dns.lookup(address(i)))
  await sleep(50)
  dns.close()
  expect(await Promise.all(answers)).toEqual([null, null, null, null])
  expect(await dns.lookup('10.0.0.9')).toBeNull()
  await sleep(50)
  expect(server.questions).toHaveLength(2)
})
