import { execFile } from 'node:child_process'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'
import { decode, encode, type Packet } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDnsClient, type DnsClient, type DnsClientOptions } from '../../src/node/dns-client.ts'
import { builtModule } from '../support/built-module.ts'
import { projectFolder } from '../support/captures.ts'
import { startDnsServer } from '../support/dns-server.ts'

const QUESTION = '5.3.168.192.in-addr.arpa'
const NO_SUCH_NAME = { rcode: 3 }
const SERVER_FAILURE = { rcode: 2 }

function client(options: DnsClientOptions): DnsClient {
  const made = createDnsClient({ timeoutMs: 200, ...options })
  onTestFinished(() => made.close())
  return made
}

test('the names, in the order of the answer', async () => {
  const server = await startDnsServer(() => ({ names: ['a.example', 'b.example'] }))
  expect(await client({ servers: [server.address] }).resolvePtr(QUESTION)).toEqual(['a.example', 'b.example'])
  expect(server.questions).toEqual([QUESTION])
})

test('no such name is an answer: no names, and no other server is asked', async () => {
  const server = await startDnsServer(() => NO_SUCH_NAME)
  const other = await startDnsServer(() => ({ names: ['other.example'] }))
  expect(await client({ servers: [server.address, other.address] }).resolvePtr(QUESTION)).toEqual([])
  expect(other.questions).toEqual([])
})

test('an alias is followed (RFC 2317); records of other names do not count', async () => {
  const alias = '5.0-63.3.168.192.in-addr.arpa'
  const server = await startDnsServer((name) => ({
    answers: [
      { type: 'PTR', name: 'else.example', ttl: 60, data: 'stray.example' },
      { type: 'CNAME', name: name.toUpperCase(), ttl: 60, data: alias },
      { type: 'PTR', name: alias, ttl: 60, data: 'classless.example' },
    ],
  }))
  expect(await client({ servers: [server.address] }).resolvePtr(QUESTION)).toEqual(['classless.example'])
})

describe('servers', () => {
  test.each([
    ['is silent', null],
    ['failed', SERVER_FAILURE],
    ['refuses', { rcode: 5 }],
  ])('the next one is asked when one %s; the one that answered is asked first from then on', async (_what, reply) => {
    const bad = await startDnsServer(() => reply)
    const good = await startDnsServer(() => ({ names: ['host.example'] }))
    const dns = client({ servers: [bad.address, good.address] })
    expect(await dns.resolvePtr(QUESTION)).toEqual(['host.example'])
    expect(await dns.resolvePtr(QUESTION)).toEqual(['host.example'])
    expect([bad.questions.length, good.questions.length]).toEqual([1, 2])
  })

  test('none answers: rejected, after the time of each', async () => {
    const silent = await startDnsServer(() => null)
    const failing = await startDnsServer(() => SERVER_FAILURE)
    const start = performance.now()
    await expect(client({ servers: [silent.address, failing.address] }).resolvePtr(QUESTION)).rejects.toThrow(
      'SERVFAIL',
    )
    expect(performance.now() - start).toBeGreaterThan(190)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('none is there', async () => {
    const dns = client({ servers: ['no address', ''] })
    expect(await dns.paths()).toEqual([])
    await expect(dns.resolvePtr(QUESTION)).rejects.toThrow('no DNS server')
  })

  const loopback6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
  test.skipIf(!loopback6)('IPv6, by the text that dns.getServers() has for it', async () => {
    const { port } = await rawServer((question, from, socket) => {
      socket.send(answerTo(question, 'six.example'), from.port, from.address)
    }, '::1')
    const dns = client({ servers: [`[::1]:${port}`] })
    expect(await dns.resolvePtr(QUESTION)).toEqual(['six.example'])
    expect(await dns.paths()).toMatchObject([{ address: '::1', port }])
  })

  test('default ports, zones, and spellings of one address', async () => {
    const paths = await client({ servers: ['192.0.2.53', '192.0.2.54:5353'] }).paths()
    expect(paths).toMatchObject([
      { address: '192.0.2.53', port: 53 },
      { address: '192.0.2.54', port: 5353 },
    ])
    if (!loopback6) return
    const six = await client({ servers: ['fe80::1%lo', '2001:DB8:0::53'] }).paths()
    expect(six).toMatchObject([
      { address: 'fe80::1', port: 53 },
      { address: '2001:db8::53', port: 53 },
    ])
  })
})

test('every question comes from the port that is told', async () => {
  const ports = new Set<number>()
  const { port } = await rawServer((question, from, socket) => {
    ports.add(from.port)
    socket.send(answerTo(question, 'host.example'), from.port, from.address)
  })
  const dns = client({ servers: [`127.0.0.1:${port}`] })
  const [path] = await dns.paths()
  for (let i = 0; i < 5; i++) await dns.resolvePtr(QUESTION)
  expect(path).toEqual({ address: '127.0.0.1', port, localPort: [...ports][0] })
  expect(ports.size).toBe(1)
})

describe('what is no answer', () => {
  const wrong = (change: (packet: Packet & { id: number }) => Packet) => (question: Uint8Array) =>
    encode(change({ ...(decode(answerTo(question, 'forged.example')) as Packet & { id: number }) }))
  const asked = (name: string, type: 'PTR' | 'A' = 'PTR') => [{ type, name }]

  test.each<[string, (question: Uint8Array) => Uint8Array]>([
    ['another id', wrong((packet) => ({ ...packet, id: (packet.id + 1) & 0xffff }))],
    ['another question', wrong((packet) => ({ ...packet, questions: asked('6.3.168.192.in-addr.arpa') }))],
    ['another type', wrong((packet) => ({ ...packet, questions: asked(QUESTION, 'A') }))],
    ['no question', wrong((packet) => ({ ...packet, questions: [] }))],
    ['two questions', wrong((packet) => ({ ...packet, questions: [...asked(QUESTION), ...asked(QUESTION)] }))],
    ['a question', wrong((packet) => ({ ...packet, type: 'query' }))],
    ['one cut short', (question) => answerTo(question, 'forged.example').subarray(0, -3)],
    [
      'more bytes than were asked for',
      (question) => Buffer.concat([answerTo(question, 'forged.example'), Buffer.alloc(512)]),
    ],
    ['nothing', () => Buffer.alloc(0)],
    ['a byte', (question) => question.subarray(0, 1)],
  ])('%s', async (_what, forge) => {
    const { port } = await rawServer((question, from, socket) => {
      socket.send(forge(question), from.port, from.address)
      socket.send(answerTo(question, 'true.example'), from.port, from.address)
    })
    expect(await client({ servers: [`127.0.0.1:${port}`] }).resolvePtr(QUESTION)).toEqual(['true.example'])
  })

  test('one from another socket', async () => {
    const forger = createSocket('udp4')
    onTestFinished(() => void forger.close())
    const { port } = await rawServer((question, from, socket) => {
      forger.send(answerTo(question, 'forged.example'), from.port, from.address, () => {
        socket.send(answerTo(question, 'true.example'), from.port, from.address)
      })
    })
    expect(await client({ servers: [`127.0.0.1:${port}`] }).resolvePtr(QUESTION)).toEqual(['true.example'])
  })

  test('a truncated one: the next server may have it whole', async () => {
    const cut = await rawServer((question, from, socket) => {
      const message = answerTo(question, 'part.example')
      // RFC 1035 §4.1.1: TC.
      message[2]! |= 0x02
      socket.send(message, from.port, from.address)
    })
    const cutAddress = `127.0.0.1:${cut.port}`
    await expect(client({ servers: [cutAddress] }).resolvePtr(QUESTION)).rejects.toThrow('truncated')
    const whole = await startDnsServer(() => ({ names: ['whole.example'] }))
    expect(await client({ servers: [cutAddress, whole.address] }).resolvePtr(QUESTION)).toEqual(['whole.example'])
  })

  test('any bytes behind the right id', async () => {
    let bytes: Uint8Array = new Uint8Array()
    const { port } = await rawServer((question, from, socket) => {
      socket.send(Buffer.concat([question.subarray(0, 2), bytes]), from.port, from.address)
      socket.send(answerTo(question, 'true.example'), from.port, from.address)
    })
    const dns = client({ servers: [`127.0.0.1:${port}`], timeoutMs: 2000 })
    // A header that says it is an answer to one question, and then anything.
    const body = fc.uint8Array({ maxLength: 500 })
    const header = Buffer.from(encode({ type: 'response', id: 0, questions: asked(QUESTION) })).subarray(2)
    const message = fc.oneof(
      body,
      fc.tuple(fc.uint8Array({ minLength: 6, maxLength: 6 }), body).map(([counts, rest]) => {
        const start = Buffer.from(header)
        start.set(counts, 4)
        return Buffer.concat([start, rest])
      }),
    )
    await fc.assert(
      fc.asyncProperty(message, async (any) => {
        bytes = any
        const names = await dns.resolvePtr(QUESTION).catch((error: Error) => error.message)
        // Bytes may happen to be an answer, if one without a name in it.
        expect([['true.example'], [], 'truncated', 'SERVFAIL', 'REFUSED']).toContainEqual(names)
      }),
      { numRuns: 200 },
    )
  })
})

test('no more than 256 questions at a time; the others are refused at once', async () => {
  const { port } = await rawServer(() => {})
  const dns = client({ servers: [`127.0.0.1:${port}`], timeoutMs: 300 })
  await dns.paths()
  const start = performance.now()
  const ends = await Promise.all(
    Array.from({ length: 1000 }, () => dns.resolvePtr(QUESTION).catch(({ message }: Error) => message)),
  )
  expect(ends.filter((message) => message === 'too many questions')).toHaveLength(1000 - 256)
  expect(ends.filter((message) => message === '127.0.0.1 does not answer')).toHaveLength(256)
  expect(performance.now() - start).toBeLessThan(3000)
})

test('close ends what is under way, and nothing is asked for any more', async () => {
  const server = await startDnsServer(() => null)
  const dns = client({ servers: [server.address, server.address], timeoutMs: 60_000 })
  const answer = dns.resolvePtr(QUESTION)
  await expect.poll(() => server.questions.length).toBe(1)
  dns.close()
  dns.close()
  await expect(answer).rejects.toThrow('closed')
  await expect(dns.resolvePtr(QUESTION)).rejects.toThrow('closed')
  expect(server.questions).toHaveLength(1)
})

test('neither open ports nor a question under way keep a process', async () => {
  const server = await startDnsServer(() => null)
  const script = `
    const { createDnsClient } = await import('${await builtModule('node/dns-client.ts')}')
    const dns = createDnsClient({ servers: ['${server.address}'], timeoutMs: 60_000 })
    await dns.paths()
    dns.resolvePtr('${QUESTION}')
    setTimeout(() => console.log('end'), 100)`
  const options = { cwd: projectFolder, timeout: 10_000 }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options)
  expect(stdout).toBe('end\n')
  expect(server.questions).toEqual([QUESTION])
})

type Receiver = (question: Buffer, from: RemoteInfo, socket: Socket) => void

async function rawServer(receive: Receiver, address = '127.0.0.1'): Promise<{ port: number }> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (message, from) => receive(message, from, socket))
  await new Promise<void>((resolve) => socket.bind(0, address, resolve))
  onTestFinished(() => void socket.close())
  return { port: socket.address().port }
}

function answerTo(question: Uint8Array, name: string): Buffer {
  const { id, questions } = decode(Buffer.from(question))
  const answers = [{ type: 'PTR' as const, name: questions![0]!.name, ttl: 60, data: name }]
  return Buffer.from(encode({ type: 'response', id: id!, questions: questions!, answers }))
}
