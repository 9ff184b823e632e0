import { type Answer, encode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NameReader } from '../../src/sightings/name-reader.ts'
import type { Payload } from '../../src/sightings/sighting.ts'
import { namesTo } from '../support/read-names.ts'
import { dhcpMessage, option, text } from './dhcp-messages.ts'
import { payloadSeeds } from './payload-seeds.ts'
import { clientHello, cryptoFrame, namesOf, payload, sealInitial, segmentsOf, tlsRecords } from './payloads.ts'

const answers: Answer[] = [{ type: 'A', name: 'a.example', ttl: 60, data: '192.0.2.7' }]
const dns = new Uint8Array(encode({ type: 'response', questions: [{ type: 'A', name: 'a.example' }], answers }))
const ack = dhcpMessage({ op: 2, type: 5, yiaddr: '192.168.1.20', options: option(12, text('desk')) })
const hello = tlsRecords(clientHello({ name: 'www.example.com' }))

function datagram(bytes: Uint8Array, sourcePort: number, destinationPort: number): Payload {
  return payload(bytes, { isTcp: false, sourcePort, destinationPort })
}

describe('NameReader', () => {
  test.each([
    [53, 50_000, 'dns'],
    [50_000, 53, 'dns'],
    // The client's port is another's by chance.
    [53, 5353, 'dns'],
    [5353, 5353, 'mdns'],
    [5353, 50_000, 'mdns'],
    [5355, 50_000, 'llmnr'],
  ])('an answer from port %i to %i is of %s', async (from, to, source) => {
    expect(await namesOf([datagram(dns, from, to)])).toEqual([`${source} 192.0.2.7 a.example`])
  })

  test('DHCP by its ports, and nothing by none', async () => {
    expect(await namesOf([datagram(ack, 67, 68), datagram(ack, 1000, 2000), datagram(dns, 1000, 2000)])).toEqual([
      'dhcp 192.168.1.20 desk',
    ])
  })

  test('a hello is one over TCP only', async () => {
    expect(await namesOf([payload(hello)])).toEqual(['tls 198.51.100.2 www.example.com'])
    expect(await namesOf([datagram(hello, 50_000, 443)])).toEqual([])
  })

  test('each seed of the fuzzer has a name', async () => {
    for (const { kind, bytes, ...fields } of payloadSeeds()) {
      const isHalf = kind === 'first of two initials'
      expect((await namesOf([payload(bytes, fields)])).length > 0, kind).toBe(!isHalf)
    }
  })

  test('clear forgets what is half read', () => {
    const names: string[] = []
    const reader = new NameReader(namesTo(names))
    const [first, second] = segmentsOf(hello, [60])
    reader.read(first!)
    reader.clear()
    reader.read(second!)
    reader.read(datagram(dhcpMessage({ op: 1, type: 3, options: option(12, text('desk')) }), 68, 67))
    reader.clear()
    reader.read(datagram(dhcpMessage({ op: 2, type: 5, yiaddr: '192.168.1.20' }), 67, 68))
    // The second segment is not kept for a first that comes late either.
    reader.clear()
    reader.read(first!)
    expect(names).toEqual([])
    reader.read(second!)
    expect(names).toEqual(['tls 198.51.100.2 www.example.com'])
  })

  test('any payload, after any other: no name that is none', async () => {
    const initial = sealInitial(cryptoFrame(clientHello({ name: 'www.example.com' }), 0, 100))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc
        .tuple(
          fc.constantFrom(dns, ack, hello, initial),
          fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
          fc.nat(),
        )
        .map(([sound, changes, length]) => {
          const damaged = sound.slice()
          for (const [at, byte] of changes) damaged[at % damaged.length] = byte
          return damaged.subarray(0, length % (damaged.length + 1))
        }),
    )
    const port = fc.constantFrom(53, 67, 68, 443, 546, 547, 5353, 5355)
    const any = fc.record({
      bytes,
      sourcePort: port,
      destinationPort: port,
      isTcp: fc.boolean(),
      sequence: fc.nat(300),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 8 }), async (payloads) => {
        const all = payloads.map((each) =>
          payload(each.bytes, { ...each, wholeLength: Math.max(1200, each.bytes.length) }),
        )
        for (const name of await namesOf(all)) expect(name).toMatch(/^[a-z]+ [\d.a-f:]+ [!-@[-~]{1,253}$/)
      }),
    )
  })
})
