/** Records of captures → batches, without decoding: nobody decodes link type USER0. */
import { bench, describe } from 'vitest'
import { createParser } from '../../test/support/read-capture.ts'
import { pcapngOf, pcapOf, readAll } from './captures.ts'
import { SHORT } from './options.ts'

const LINKTYPE_USER0 = 147

describe('framing alone, 64 Ki frames', () => {
  for (const [name, capture] of [
    ['pcap', pcapOf(100, LINKTYPE_USER0)],
    ['pcapng', pcapngOf(100, LINKTYPE_USER0)],
  ] as const) {
    const parser = createParser()
    bench(name, () => readAll(parser, capture), SHORT)
  }
})
