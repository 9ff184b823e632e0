/**
 * The headers of Ethernet, IPv4, TCP: read straight off the frame in the module and walked there (framing and a flow table of
 * one row with both), and walked as tsc builds it.
 */
import { bench, describe } from 'vitest'
import { KEY_DESTINATION, KEY_SOURCE } from '../../src/abi/key-fields.ts'
import { useBytes } from '../../src/decoders/bytes.ts'
import { decodeFrame } from '../../src/decoders/decode-frame.ts'
import { LINKTYPE_ETHERNET } from '../../src/decoders/linktype.ts'
import { walkFrame } from '../../src/decoders/walk.ts'
import { createParser } from '../../test/support/read-capture.ts'
import { frames, pcapOf, readAll } from './captures.ts'
import { SHORT } from './options.ts'

describe('decode, 64 Ki frames', () => {
  const capture = pcapOf(1)
  const list = frames(1)
  const parser = createParser()
  const pairs = createParser({ keyFields: KEY_SOURCE | KEY_DESTINATION })
  // Lengths of IP packets are what only the walk knows.
  const walked = createParser({ basis: 'ip' })
  const inner = createParser({ inner: true })

  bench('module: framing, key without addresses', () => readAll(parser, capture), SHORT)
  bench('module: framing, key with addresses', () => readAll(pairs, capture), SHORT)
  bench('module: framing, walk, key without addresses', () => readAll(walked, capture), SHORT)
  bench('module: framing, walk into tunnels, key without addresses', () => readAll(inner, capture), SHORT)
  bench(
    'TypeScript: walkFrame',
    () => {
      for (const frame of list) {
        useBytes(frame)
        walkFrame(LINKTYPE_ETHERNET, 0, frame.length, frame.length)
      }
    },
    SHORT,
  )
  bench(
    'TypeScript: decodeFrame, with objects',
    () => {
      for (const frame of list) decodeFrame(frame, LINKTYPE_ETHERNET)
    },
    SHORT,
  )
})
