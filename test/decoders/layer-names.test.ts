import { expect, test } from 'vitest'
import * as frame from '../../src/decoders/frame.ts'
import { layerName, limitName, stopName } from '../../src/decoders/layer-names.ts'
import * as layers from '../../src/decoders/layers.ts'

/** Constants of a module by the start of their names, without the one that says "none". */
function constants(module: object, prefix: string): number[] {
  return Object.entries(module).flatMap(([name, value]) =>
    name.startsWith(prefix) && !name.endsWith('_NONE') ? [value as number] : [],
  )
}

test('every layer has a name of its own, but for PPP in HDLC framing', () => {
  const names = constants(layers, 'LAYER_').map(layerName)
  expect(names).toHaveLength(32)
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/)
  expect(new Set(names).size).toBe(names.length - 1)
  expect(layerName(layers.LAYER_PPP_HDLC)).toBe(layerName(layers.LAYER_PPP))
})

test('every limit and every reason has a name of its own', () => {
  const limits = constants(frame, 'LIMIT_').map(limitName)
  expect(limits).toHaveLength(8)
  expect(new Set(limits).size).toBe(8)
  for (const name of limits) expect(name).toMatch(/length$/)
  expect(constants(frame, 'STOP_').map(stopName)).toEqual(['truncated', 'malformed', 'unsupported'])
})
