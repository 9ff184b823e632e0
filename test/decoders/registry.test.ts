import { expect, test } from 'vitest'
import { useBytes } from '../../src/decoders/bytes.ts'
import { frame, STOP_NONE, STOP_TRUNCATED } from '../../src/decoders/frame.ts'
import * as layers from '../../src/decoders/layers.ts'
import { decodeLayer } from '../../src/decoders/registry.ts'
import { beginFrame } from '../../src/decoders/walk.ts'

const all = Object.entries(layers).filter(([name]) => name !== 'LAYER_NONE')

test.each(all)('%s has a decoder, which asks for bytes in its own name', (_, layer) => {
  useBytes(new Uint8Array(0))
  beginFrame(1, 0, 0, 100)
  expect(decodeLayer(layer)).toBe(layers.LAYER_NONE)
  expect(frame.stopReason).toBe(STOP_TRUNCATED)
  expect(frame.stopLayer).toBe(layer === layers.LAYER_PPP_HDLC ? layers.LAYER_PPP : layer)
  expect(frame.stopNeeded).toBeGreaterThan(0)
})

test('a number that no layer has ends the walk', () => {
  beginFrame(1, 0, 0, 0)
  expect(decodeLayer(99)).toBe(layers.LAYER_NONE)
  expect(frame.stopReason).toBe(STOP_NONE)
})
