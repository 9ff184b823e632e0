/** Node's Blob is that of browsers; what only a browser does is in test/web. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blobInput, openBlob } from '../../src/browser/open-blob.ts'
import type { Source } from '../../src/capture/source.ts'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { parseBy } from '../../src/engine/by.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { analyze } from '../../src/pipeline/analyze.ts'
import { damageIn, readAll } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { capturesFolder } from '../support/captures.ts'

const office = readFileSync(`${capturesFolder}office.pcap`)

describe('a Blob', () => {
  test('gives its bytes, to reads of any length, and says how far it is', async () => {
    // Longer than a piece.
    const bytes = Buffer.alloc(9_000_000, office)
    const property = fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 5 }),
      async (lengths) => {
        const source = openBlob(new Blob([bytes]), 'some.pcap')
        const parts: Buffer[] = []
        for (let i = 0; ; i++) {
          const into = new Uint8Array(lengths[i % lengths.length]!)
          const count = await source.read(into)
          if (count === 0) break
          parts.push(Buffer.from(into.subarray(0, count)))
          if (parts.length > 3000) break
        }
        const all = Buffer.concat(parts)
        expect(all.equals(bytes.subarray(0, all.length))).toBe(true)
        if (parts.length <= 3000) expect([all.length, source.position]).toEqual([bytes.length, bytes.length])
        expect([source.name, source.size]).toEqual(['some.pcap', bytes.length])
        await source.close()
      },
    )
    await fc.assert(property, { numRuns: 10 })
  })

  test('is decompressed, member after member', async () => {
    const source = openBlob(new Blob([gzipSync(office.subarray(0, 1000)), gzipSync(office.subarray(1000))]))
    expect((await readAll(source)).bytes.equals(office)).toBe(true)
    expect([source.name, source.compression]).toEqual(['capture', 'gzip'])
  })

  test('that is cut says so, after every byte before', async () => {
    const source = openBlob(new Blob([gzipSync(office).subarray(0, 5000)]))
    expect(damageIn(await readAll(source))).toBe('the gzip data is cut short at its byte 5000')
  })

  test('whose file has changed cannot be read, and the sentence says why', async () => {
    const changed = {
      size: 10,
      slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
    } as unknown as Blob
    await expect(openBlob(changed, 'a.pcap').read(new Uint8Array(10))).rejects.toThrow(
      new SourceUnavailable('cannot read a.pcap: it was changed, or lost its permission, after it was chosen'),
    )
  })

  test('that is closed gives nothing more', async () => {
    const source: Source = openBlob(new Blob([office]))
    await source.read(new Uint8Array(10))
    await source.close()
    expect(await source.read(new Uint8Array(10))).toBe(0)
  })
})

test('an input is opened as often as it is needed, and analysed as the file is', async () => {
  const options = { grouping: parseBy('pair'), names: createEndpointNamer() }
  const input = blobInput(new Blob([office]), `${capturesFolder}office.pcap`)
  const { records } = await analyzeFiles([input.name], options)
  for (let turn = 0; turn < 2; turn++) {
    const found = []
    for await (const record of analyze(loadCaptureModule(), [input], options, [])) found.push(record)
    expect(found).toEqual(records)
  }
  const file = new File([office], 'named.pcap')
  expect(blobInput(file)).toMatchObject({ name: 'named.pcap', size: office.length, repeatable: true })
})
