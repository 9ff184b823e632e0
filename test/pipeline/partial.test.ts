import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { KEY_ALL } from '../../src/abi/key-fields.ts'
import { Parser } from '../../src/capture/parser.ts'
import { openFile } from '../../src/node/open-source.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { decodeCounts, encodeCounts } from '../../src/pipeline/partial.ts'
import { PartialError } from '../../src/pipeline/partial-bytes.ts'
import { countPart, WHOLE } from '../../src/pipeline/partial-counter.ts'
import { capturesFolder } from '../support/captures.ts'

const setup = { parser: { keyFields: KEY_ALL, names: true }, headLength: 0, stepNs: 100_000_000n, originNs: 0n }

async function countsOf(name: string) {
  const source = await openFile(`${capturesFolder}${name}`)
  const { counts } = await countPart(loadCaptureModule(), setup, source, WHOLE)
  await source.close()
  return counts
}

const rowLength = new Parser(loadCaptureModule(), setup.parser).rowLength

test.each(['office.pcap', 'pcapng-simple-packets.pcapng', 'time-gap-of-a-century.pcap', 'no-frames.pcap'])(
  'counts of %s come back as they were, in fewer bytes',
  async (name) => {
    const counts = await countsOf(name)
    const bytes = encodeCounts([counts, counts], rowLength)
    expect(decodeCounts(bytes)).toEqual([counts, counts])
    const rows = counts.buckets.reduce((sum, bucket) => sum + bucket.rows.byteLength, 0)
    if (name === 'office.pcap') expect(bytes.length / 2 - counts.flows.length).toBeLessThan(rows / 2)
  },
)

test('bytes that are none, or changed, or cut, are refused or read, and nothing else happens', async () => {
  const whole = encodeCounts([await countsOf('office.pcap')], rowLength).subarray(0, 3000)
  const read = (bytes: Uint8Array) => {
    try {
      decodeCounts(bytes)
    } catch (error) {
      expect(error).toBeInstanceOf(PartialError)
    }
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read))
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, end) => {
      const changed = whole.slice(0, end)
      changed[at] = value
      read(changed)
    }),
  )
  expect(() => decodeCounts(new TextEncoder().encode('\x04NKP9'))).toThrow('an encoding that this netkit does not know')
})
