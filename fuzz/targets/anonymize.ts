/**
 * Frames → what --anonymize leaves of them, whose bytes anybody may be given. With other bytes behind the captured ones, and with another
 * payload, the same is left; no address that was hidden is read out of it; it is no longer than it was.
 */

import { Anonymizer } from '../../src/anonymize/anonymizer.ts'
import { AnonymousBatches } from '../../src/anonymize/anonymous-batch.ts'
import type { StreamBatch } from '../../src/capture/frame-batch.ts'
import { decodeFrame } from '../../src/decoders/decode-frame.ts'
import { addressOctets } from '../../src/names/address-octets.ts'
import { ALL_LINKTYPES } from '../../test/support/walk-inputs.ts'
import { viewOf } from '../framing.ts'
import { concat } from '../mutate-bytes.ts'
import { mutateFrame } from '../mutate-frame.ts'
import type { Random } from '../random.ts'
import type { Seeds } from '../seeds.ts'
import { Finding, type Target } from '../target.ts'

const BATCH = 64
const HEAD = 8
const MAX_FRAME = 4096
const POISONS = [0x00, 0xff]
const POISON_LENGTH = 64

export function anonymizeTarget(seeds: Seeds): Target {
  const anonymizer = new Anonymizer(new Uint8Array(32).fill(9))
  let linktype = 0
  const batches = new AnonymousBatches(anonymizer, () => linktype)
  let frames = 0
  let keptBytes = 0

  function generateOne(random: Random): Uint8Array {
    const seed = random.pick(seeds.frames)
    let bytes = seed.bytes
    for (let changes = random.below(5); changes >= 0; changes--) {
      bytes = mutateFrame(bytes, seed.linktype, random.pick(seeds.frames).bytes, random)
    }
    const head = new Uint8Array(HEAD)
    viewOf(head).setUint32(0, random.oneIn(8) ? random.pick(ALL_LINKTYPES) : seed.linktype, true)
    viewOf(head).setUint32(4, random.oneIn(3) ? random.pick([1, 20, 1460, 0x7fffffff]) : 0, true)
    return concat(head, bytes.subarray(0, MAX_FRAME))
  }

  function rewrite(bytes: Uint8Array, origlen: number, poison: number): Uint8Array {
    const memory = new Uint8Array(bytes.length + 2 * POISON_LENGTH).fill(poison)
    memory.set(bytes, POISON_LENGTH)
    const one = (value: number) => Uint32Array.of(value)
    const batch: StreamBatch = {
      ...{ count: 1, columns: 0, memory, stop: new Uint8Array(1), time: new Uint32Array(2), flow: one(0) },
      ...{ length: one(origlen), origlen: one(origlen), caplen: one(bytes.length), interface: one(0) },
      data: one(POISON_LENGTH),
    }
    const hidden = batches.rewrite(batch, 0, 1)
    return hidden.memory.slice(hidden.data[0], hidden.data[0]! + hidden.caplen[0]!)
  }

  function checkOne(input: Uint8Array): void {
    const head = viewOf(input.slice(0, HEAD))
    linktype = head.getUint32(0, true)
    const bytes = input.slice(HEAD)
    const origlen = bytes.length + head.getUint32(4, true)
    const [kept, again] = POISONS.map((poison) => rewrite(bytes, origlen, poison)) as [Uint8Array, Uint8Array]
    frames++
    keptBytes += kept.length
    if (kept.length > bytes.length) throw new Finding(`${kept.length} bytes of ${bytes.length}`)
    if (Buffer.compare(kept, again) !== 0) throw new Finding('what is left depends on bytes behind the frame')
    const before = decodeFrame(bytes, linktype, { origlen }).network
    const after = decodeFrame(kept, linktype, { origlen }).network
    if (before === null || after === null) return
    for (const end of ['source', 'destination'] as const) {
      const address = addressOf(before[end])
      if (address === null) continue
      const expected = addressOf(after[end])
      const hidden = anonymizer.address(address)
      if (expected === null || Buffer.compare(hidden, expected) !== 0)
        throw new Finding(`${before[end]} is ${after[end]}`)
    }
  }

  return {
    name: 'anonymize',
    generate: (random) => Array.from({ length: BATCH }, () => generateOne(random)),
    async check(inputs) {
      for (const input of inputs) if (input.length >= HEAD) checkOne(input)
    },
    reset() {},
    notes: () => `${frames} frames, ${keptBytes} bytes left`,
    close: () => Promise.resolve(),
  }
}

function addressOf(text: string): Uint8Array | null {
  const octets = addressOctets(text)
  return octets === null ? null : Uint8Array.from(octets)
}
