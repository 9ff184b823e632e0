/** Names out of payload: what one answer, hello, request or Initial costs, and a segment that holds none. */
import { bench, describe } from 'vitest'
import { NameReader } from '../../src/sightings/name-reader.ts'
import { payloadSeeds } from '../../test/sightings/payload-seeds.ts'
import { payload, segmentsOf } from '../../test/sightings/payloads.ts'
import { SHORT } from './options.ts'

/** Of one run. Each is of a flow of its own, as in a capture. */
const PAYLOADS = 1000

const seeds = new Map(payloadSeeds().map((seed) => [seed.kind, seed]))
let told = 0
const reader = new NameReader(() => told++)

function read(kind: string, cuts: readonly number[] = []): void {
  const { bytes, ...fields } = seeds.get(kind)!
  const parts = segmentsOf(bytes, cuts, fields)
  for (let i = 0; i < PAYLOADS; i++) for (const part of parts) reader.read({ ...part, flow: i })
}

// The first Initial imports what opens it.
read('quic')
await reader.settle()

describe(`names of ${PAYLOADS} payloads`, () => {
  const data = payload(new Uint8Array(1400).fill(0x17), { sequence: 1 })
  bench('DNS answer: CNAME, A, AAAA, PTR', () => read('dns'), SHORT)
  bench('TLS hello in a segment', () => read('hello'), SHORT)
  bench('TLS hello of 1.3 kB in two segments', () => read('large hello', [1200]), SHORT)
  bench('HTTP request', () => read('request'), SHORT)
  bench('DHCP ACK', () => read('dhcp ack'), SHORT)
  bench(
    'QUIC Initial',
    () => {
      reader.clear()
      read('quic')
    },
    SHORT,
  )
  bench(
    'TCP segment without a name',
    () => {
      for (let i = 0; i < PAYLOADS; i++) reader.read(data)
    },
    SHORT,
  )
})
