/**
 * Payload as names: damaged answers, hellos, requests, leases and Initials, in pieces, out of order and cut. Nothing throws, no name
 * is none, what is told is an address, and a second reader is told the same.
 *
 * An input is a run of payloads: ports, flags, sequence number (u16 each, big-endian), bytes missing on the wire and length
 * (u16), then as many bytes.
 */
import { readHostsFile } from '../../src/sightings/hosts-file.ts'
import { NameReader } from '../../src/sightings/name-reader.ts'
import { readNameResolutionBlock } from '../../src/sightings/pcapng-names.ts'
import type { Payload } from '../../src/sightings/sighting.ts'
import { payloadSeeds } from '../../test/sightings/payload-seeds.ts'
import { concat, mutateBytes } from '../mutate-bytes.ts'
import type { Random } from '../random.ts'
import { Finding, type Target } from '../target.ts'

const HEAD = 12
const FLAG_TCP = 1
const FLAG_IPV6 = 2
const FLAG_FLOW = 4
const PORTS = [53, 67, 68, 80, 443, 546, 547, 5353, 5355, 50_000]
const MOST_BYTES = 1 << 16

export function sightingsTarget(): Promise<Target> {
  const seeds = payloadSeeds()
  let names = 0
  let payloads = 0

  function generateOne(random: Random): Uint8Array {
    const parts: Uint8Array[] = []
    const seed = random.pick(seeds)
    let sequence = random.below(1 << 16)
    for (let count = 1 + random.below(6); count > 0; count--) {
      let bytes = random.oneIn(4) ? random.pick(seeds).bytes : seed.bytes
      if (random.oneIn(2)) bytes = mutateBytes(bytes, random.pick(seeds).bytes, random)
      for (const piece of piecesOf(bytes, random)) {
        const head = new Uint8Array(HEAD)
        const view = new DataView(head.buffer)
        const isOwn = !random.oneIn(8)
        view.setUint16(0, isOwn ? seed.sourcePort : random.pick(PORTS))
        view.setUint16(2, isOwn ? seed.destinationPort : random.pick(PORTS))
        const isTcp = random.oneIn(16) ? !seed.isTcp : seed.isTcp
        view.setUint16(4, (isTcp ? FLAG_TCP : 0) | random.pick([0, 0, 0, FLAG_IPV6, FLAG_FLOW]))
        view.setUint16(6, sequence)
        view.setUint16(8, random.oneIn(8) ? random.below(2000) : 0)
        view.setUint16(10, piece.length)
        parts.push(concat(head, piece))
        sequence = (sequence + (random.oneIn(8) ? random.below(100) : piece.length)) & 0xffff
      }
      if (random.oneIn(4)) parts.reverse()
    }
    return concat(...parts).subarray(0, MOST_BYTES)
  }

  return Promise.resolve({
    name: 'sightings',
    generate: (random) => [generateOne(random)],
    async check(inputs) {
      for (const input of inputs) {
        const first = await tell(input)
        names += first.length
        payloads += [...payloadsOf(input)].length
        if ((await tell(input)).join() !== first.join()) throw new Finding('another reader is told other names')
      }
    },
    reset() {},
    notes: () => `${names} names in ${payloads} payloads`,
    close: () => Promise.resolve(),
  })
}

async function tell(input: Uint8Array): Promise<string[]> {
  const told: string[] = []
  const onName = (address: Uint8Array, name: string, source: string) => {
    if (address.length !== 4 && address.length !== 16) throw new Finding(`an address of ${address.length} bytes`)
    if (!/^[!-@[-~]{1,253}$/.test(name) || name.endsWith('.')) throw new Finding(`${JSON.stringify(name)} for a name`)
    told.push(`${source} ${address.join('.')} ${name}`)
  }
  const reader = new NameReader(onName)
  for (const payload of payloadsOf(input)) {
    reader.read(payload)
    if (reader.isWaiting) await reader.settle()
  }
  readNameResolutionBlock(input, (input[0]! & 1) === 0, onName)
  readHostsFile(new TextDecoder('latin1').decode(input), onName)
  return told
}

function* payloadsOf(input: Uint8Array): Generator<Payload> {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  for (let at = 0; at + HEAD <= input.length; ) {
    const flags = view.getUint16(at + 4)
    const bytes = input.subarray(at + HEAD, at + HEAD + view.getUint16(at + 10))
    const addressLength = (flags & FLAG_IPV6) !== 0 ? 16 : 4
    yield {
      bytes,
      wholeLength: bytes.length + view.getUint16(at + 8),
      source: new Uint8Array(addressLength).fill(1),
      destination: new Uint8Array(addressLength).fill(2),
      sourcePort: view.getUint16(at),
      destinationPort: view.getUint16(at + 2),
      isTcp: (flags & FLAG_TCP) !== 0,
      sequence: view.getUint16(at + 6),
      flow: flags & FLAG_FLOW,
    }
    at += HEAD + bytes.length
  }
}

/** Whole, or in some pieces. */
function piecesOf(bytes: Uint8Array, random: Random): Uint8Array[] {
  if (random.oneIn(2)) return [bytes.subarray(0, 0xffff)]
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random.below(random.pick([4, 100, 1400]))
    pieces.push(bytes.subarray(at, end))
    at = end
  }
  return pieces
}
