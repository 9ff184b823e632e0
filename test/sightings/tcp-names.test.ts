import { type Answer, streamEncode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Payload } from '../../src/sightings/sighting.ts'
import { concat } from '../support/build-frame.ts'
import { clientHello, namesOf, payload, SERVER, segmentsOf, tlsRecords } from './payloads.ts'

function dns(...names: string[]): Uint8Array {
  return concat(
    ...names.map((name) => {
      const answers: Answer[] = [{ type: 'A', name, ttl: 60, data: '192.0.2.7' }]
      return new Uint8Array(streamEncode({ type: 'response', questions: [{ type: 'A', name }], answers }))
    }),
  )
}

const request = Buffer.from('GET /index.html HTTP/1.1\r\nUser-Agent: x\r\nHost: www.example.com\r\n\r\n')
const STREAMS: readonly { kind: string; bytes: Uint8Array; fields: Partial<Payload>; names: string[] }[] = [
  {
    kind: 'a hello of a browser with a key share for the time after quantum computers, its name last',
    bytes: tlsRecords(clientHello({ name: 'www.example.com', keyShareLength: 1216, isNameLast: true })),
    fields: {},
    names: ['tls 198.51.100.2 www.example.com'],
  },
  {
    kind: 'a hello over records',
    bytes: tlsRecords(clientHello({ name: 'www.example.com', isNameLast: true }), 50),
    fields: {},
    names: ['tls 198.51.100.2 www.example.com'],
  },
  {
    kind: 'a request',
    bytes: request,
    fields: { destinationPort: 8080 },
    names: ['http 198.51.100.2 www.example.com'],
  },
  {
    kind: 'DNS',
    bytes: dns('a.example', 'b.example', 'c.example'),
    fields: { sourcePort: 53, destinationPort: 50_000 },
    names: ['dns 192.0.2.7 a.example', 'dns 192.0.2.7 b.example', 'dns 192.0.2.7 c.example'],
  },
]

describe.each(STREAMS)('$kind', ({ bytes, fields, names }) => {
  test('in one segment', async () => {
    expect(await namesOf([payload(bytes, fields)])).toEqual(names)
  })

  test('cut anywhere into two, in order', async () => {
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(await namesOf(segmentsOf(bytes, [cut], fields)), `cut at ${cut}`).toEqual(names)
    }
  })

  test('in segments of any length, some of them twice, with sequence numbers that go round', async () => {
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(cuts, fc.array(fc.nat(12), { maxLength: 4 }), async (places, again) => {
        const segments = segmentsOf(bytes, places, { ...fields, sequence: 0xffffff80 })
        const repeated = segments.flatMap((segment, i) => (again.includes(i) ? [segment, segment] : [segment]))
        expect([...new Set(await namesOf(repeated))]).toEqual(names)
      }),
    )
  })

  test('with one segment twice, wherever it is cut', async () => {
    for (let cut = 1; cut < bytes.length - 5; cut++) {
      const [first, second, third] = segmentsOf(bytes, [cut, cut + 5], fields)
      const found = await namesOf([first!, second!, second!, third!])
      expect([...new Set(found)], `cut at ${cut}`).toEqual(names)
    }
  })

  test('cut by the snaplen: no name that the whole does not have, and none that is not whole', async () => {
    for (let caplen = 0; caplen < bytes.length; caplen++) {
      const found = await namesOf([payload(bytes.subarray(0, caplen), { ...fields, wholeLength: bytes.length })])
      expect(names).toEqual(expect.arrayContaining(found))
    }
  })
})

describe.each(STREAMS.filter(({ kind }) => kind !== 'DNS'))('$kind', ({ bytes, fields, names }) => {
  test('in any order', async () => {
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 12 })
    const shuffled = cuts.chain((places) => {
      const segments = segmentsOf(bytes, places, fields)
      return fc.shuffledSubarray(segments, { minLength: segments.length })
    })
    await fc.assert(
      fc.asyncProperty(shuffled, async (segments) => {
        expect(await namesOf(segments)).toEqual(names)
      }),
    )
  })

  test('of two connections, segments in turn', async () => {
    const [one, two] = ['a', 'b'].map((flow) => segmentsOf(bytes, [40, 60], { ...fields, flow }))
    const mixed = one!.flatMap((segment, i) => [two![i]!, segment])
    expect(await namesOf(mixed)).toEqual([...names, ...names])
  })
})

describe('TcpNames', () => {
  const hello = tlsRecords(clientHello({ name: 'one.example', isNameLast: true }))
  const other = tlsRecords(clientHello({ name: 'two.example', isNameLast: true }))

  test('the next connection with the same ports', async () => {
    const [begun] = segmentsOf(hello, [50], { sequence: 1000 })
    expect(await namesOf([begun!, ...segmentsOf(other, [50], { sequence: 2_000_000_000 })])).toEqual([
      'tls 198.51.100.2 two.example',
    ])
  })

  test('a request behind a body that looked like one, and behind one that was lost', async () => {
    const body = Buffer.from('THE BODY OF A REQUEST')
    const later = payload(request, { sequence: body.length })
    expect(await namesOf([payload(body), later])).toEqual(['http 198.51.100.2 www.example.com'])
    const cut = segmentsOf(request, [30])
    expect(await namesOf([cut[0]!, payload(request, { sequence: 5000 })])).toEqual([
      'http 198.51.100.2 www.example.com',
    ])
  })

  test('every request of a connection', async () => {
    const second = Buffer.from(request.toString().replace('www', 'api'))
    expect(await namesOf([payload(request), payload(second, { sequence: request.length })])).toEqual([
      'http 198.51.100.2 www.example.com',
      'http 198.51.100.2 api.example.com',
    ])
  })

  test('a segment that the capture cut is no bridge', async () => {
    const [first, second, third] = segmentsOf(hello, [20, 60])
    const cut = { ...second!, bytes: second!.bytes.subarray(0, 10) }
    expect(await namesOf([first!, cut, third!])).toEqual([])
    expect(await namesOf([first!, third!, cut])).toEqual([])
  })

  test('the same bytes to port 53 are no hello', async () => {
    expect(await namesOf([payload(hello, { destinationPort: 53 })])).toEqual([])
  })

  test('DNS over TCP whose two segments changed places, cut anywhere behind the header', async () => {
    const bytes = dns('a.example', 'b.example')
    for (let cut = 14; cut < bytes.length; cut++) {
      const [first, second] = segmentsOf(bytes, [cut], { sourcePort: 53, destinationPort: 50_000 })
      const found = await namesOf([second!, first!])
      // Where the second begins with the second message, that one is read before the first.
      expect(found.toSorted(), `cut at ${cut}`).toEqual(['dns 192.0.2.7 a.example', 'dns 192.0.2.7 b.example'])
    }
  })

  test('DNS over TCP, cut by the snaplen inside a message, as far as it is whole', async () => {
    const bytes = dns('a.example', 'b.example')
    const fields = { sourcePort: 53, destinationPort: 50_000, wholeLength: bytes.length + 100 }
    const longer = bytes.slice()
    // The second message says that it has more than there is.
    const second = bytes.length / 2
    longer.set([0, second - 2 + 100], second)
    longer.set([0, 2], second + 8)
    expect(await namesOf([payload(longer, fields)])).toEqual(['dns 192.0.2.7 a.example', 'dns 192.0.2.7 b.example'])
  })

  test('any segments: no name that is none', async () => {
    const start = fc.constantFrom(hello, request, dns('a.example'))
    const segment = fc.record({
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.tuple(start, fc.nat(80), fc.nat(200)).map(([bytes, from, length]) => bytes.slice(from, from + length)),
      ),
      sequence: fc.oneof(fc.nat(200), fc.nat()),
      flow: fc.constantFrom('a', 'b'),
      sourcePort: fc.constantFrom(53, 443),
      more: fc.constantFrom(0, 0, 10),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 20 }), async (segments) => {
        const payloads = segments.map(({ more, ...fields }) =>
          payload(fields.bytes, { ...fields, destination: SERVER, wholeLength: fields.bytes.length + more }),
        )
        for (const name of await namesOf(payloads))
          expect(name).toMatch(/^(?:tls|http|dns) [\d.a-f:]+ [!-@[-~]{1,253}$/)
      }),
    )
  })
})
