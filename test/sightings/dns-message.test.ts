import { type Answer, encode, type Packet } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DnsSource, readDnsMessage } from '../../src/sightings/dns-message.ts'
import { namesTo } from '../support/read-names.ts'

function response(packet: Packet): Uint8Array {
  return new Uint8Array(encode({ type: 'response', flags: 0x0180, ...packet }))
}

function read(bytes: Uint8Array, source: DnsSource = 'dns'): string[] {
  const names: string[] = []
  readDnsMessage(bytes, source, namesTo(names))
  return names
}

const a = (name: string, data: string, ttl = 60): Answer => ({ type: 'A', name, ttl, data })
const cname = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 60, data })
const asked = (name: string): Pick<Packet, 'questions'> => ({ questions: [{ type: 'A', name }] })

const CHAIN = [
  cname('www.example.com', 'cdn.example.net'),
  cname('cdn.example.net', 'edge7.cdn.example'),
  a('edge7.cdn.example', '192.0.2.7'),
]

describe('readDnsMessage', () => {
  test('addresses of both families', () => {
    const aaaa: Answer = { type: 'AAAA', name: 'www.example.com', ttl: 60, data: '2001:db8::7' }
    const bytes = response({ ...asked('WWW.example.com'), answers: [a('WWW.example.com', '192.0.2.7'), aaaa] })
    expect(read(bytes)).toEqual(['dns 192.0.2.7 www.example.com', 'dns 2001:db8::7 www.example.com'])
  })

  test('at the end of a chain of CNAMEs: what was asked for, in any order of the records', () => {
    for (const answers of [CHAIN, CHAIN.toReversed(), [CHAIN[1]!, CHAIN[2]!, CHAIN[0]!]]) {
      expect(read(response({ ...asked('www.example.com'), answers }))).toEqual(['dns 192.0.2.7 www.example.com'])
    }
  })

  test('a chain that is a loop, with the question in it or beside it', () => {
    const loop = [cname('a.example', 'b.example'), cname('b.example', 'a.example'), a('b.example', '192.0.2.7')]
    expect(read(response({ ...asked('a.example'), answers: loop }))).toEqual(['dns 192.0.2.7 a.example'])
    expect(read(response({ ...asked('c.example'), answers: loop }))).toEqual(['dns 192.0.2.7 b.example'])
  })

  test('additional records name themselves', () => {
    const packet: Packet = {
      questions: [{ type: 'MX', name: 'example.com' }],
      answers: [{ type: 'MX', name: 'example.com', data: { preference: 10, exchange: 'mail.example.com' } }],
      additionals: [a('mail.example.com', '192.0.2.25')],
    }
    expect(read(response(packet))).toEqual(['dns 192.0.2.25 mail.example.com'])
  })

  test('the answer to a reverse lookup names the address, by way of RFC 2317 too', () => {
    const name = '7.2.0.192.in-addr.arpa'
    const ptr = (owner: string): Answer => ({ type: 'PTR', name: owner, ttl: 60, data: 'host.example' })
    expect(read(response({ ...asked(name), answers: [ptr(name)] }))).toEqual(['dns 192.0.2.7 host.example'])
    const delegated = '7.0/25.2.0.192.in-addr.arpa'
    const answers = [cname(name, delegated), ptr(delegated)]
    expect(read(response({ ...asked(name), answers }))).toEqual(['dns 192.0.2.7 host.example'])
  })

  test('what says nothing', () => {
    const answers = [a('www.example.com', '192.0.2.7')]
    const packet: Packet = { ...asked('www.example.com'), answers }
    expect(read(new Uint8Array(encode({ type: 'query', ...packet })))).toEqual([])
    expect(read(response({ ...packet, flags: 0x0183 }))).toEqual([])
    // RFC 1035 §4.1.1, opcode 2: status.
    expect(read(response({ ...packet, flags: 0x1180 }))).toEqual([])
    expect(read(response({ ...asked('www.example.com') }))).toEqual([])
    expect(read(response({ ...packet, answers: [{ ...answers[0]!, class: 'CH' } as Answer] }))).toEqual([])
    // Of a blocklist.
    expect(read(response({ ...packet, answers: [a('www.example.com', '0.0.0.0')] }))).toEqual([])
    expect(read(response({ ...packet, answers: [a('10.0.0.1', '192.0.2.7')] }))).toEqual([])
  })

  test('an address of a wrong length is none', () => {
    const bytes = response({ ...asked('a.example'), answers: [a('a.example', '192.0.2.7')] })
    const short = bytes.slice(0, -1)
    short[short.length - 4] = 3
    expect(read(short)).toEqual([])
  })

  test('a cut message: what leads back to the question, and nothing else', () => {
    const whole = response({ ...asked('www.example.com'), answers: [...CHAIN, a('other.example', '192.0.2.8')] })
    expect(read(whole)).toEqual(['dns 192.0.2.7 www.example.com', 'dns 192.0.2.8 other.example'])
    expect(read(whole.subarray(0, -1))).toEqual(['dns 192.0.2.7 www.example.com'])
    const reversed = response({ ...asked('www.example.com'), answers: CHAIN.toReversed() })
    expect(read(reversed.subarray(0, -1))).toEqual([])
  })

  test('counts that lie', () => {
    const bytes = response({ ...asked('a.example'), answers: [a('a.example', '192.0.2.7')] })
    for (const at of [6, 8, 10]) {
      const lying = bytes.slice()
      lying.set([0xff, 0xff], at)
      expect(read(lying)).toEqual(['dns 192.0.2.7 a.example'])
    }
    bytes.set([0xff, 0xff], 4)
    expect(read(bytes)).toEqual([])
  })

  test('mDNS names itself, without a question and with the bit that flushes caches', () => {
    const record = { ...a('Desk.local', '192.0.2.7'), flush: true } as Answer
    const bytes = response({ flags: 0x0400, answers: [record], additionals: [a('gone.local', '192.0.2.8', 0)] })
    expect(read(bytes, 'mdns')).toEqual(['mdns 192.0.2.7 desk.local'])
  })

  test('LLMNR', () => {
    const bytes = response({ flags: 0, ...asked('desk'), answers: [a('desk', '192.0.2.7')] })
    expect(read(bytes, 'llmnr')).toEqual(['llmnr 192.0.2.7 desk'])
  })

  test('any bytes, and any damage: no name that is none; of a cut message no name that the whole does not have', () => {
    const sound = response({ ...asked('www.example.com'), answers: CHAIN, additionals: [a('b.example', '192.0.2.8')] })
    const damage = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 4 })
    const source = fc.constantFrom<DnsSource>('dns', 'mdns', 'llmnr')
    fc.assert(
      fc.property(damage, fc.nat(sound.length), source, (changes, length, from) => {
        const bytes = sound.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        const whole = read(bytes, from)
        for (const name of whole) expect(name).toMatch(/^(?:dns|mdns|llmnr) [\d.a-f:]+ [!-@[-~]{1,253}$/)
        expect(whole).toEqual(expect.arrayContaining(read(bytes.subarray(0, length), from)))
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), source, (bytes, from) => void read(bytes, from)))
  })

  test('64 kB of records that all point at the longest name', () => {
    const name = Array.from({ length: 27 }, (_, i) => `label-${i}`.padEnd(8, 'x')).join('.')
    const bytes = Buffer.alloc(65_535)
    const question = response({ ...asked(name), answers: [a(name, '192.0.2.7')] })
    bytes.set(question)
    bytes.writeUInt16BE(1 + Math.floor((bytes.length - question.length) / 16), 6)
    for (let at = question.length, i = 0; at + 16 <= bytes.length; at += 16, i++) {
      bytes.set([0xc0, 12 + (i % 2) * 9, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1 + (i % 200)], at)
    }
    const before = performance.now()
    expect(read(bytes).length).toBeGreaterThan(4000)
    expect(performance.now() - before).toBeLessThan(1000)
  })
})
