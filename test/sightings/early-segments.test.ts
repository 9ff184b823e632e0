import { describe, expect, test } from 'vitest'
import { EarlySegments } from '../../src/sightings/early-segments.ts'

function list(early: EarlySegments, flow: string): [number, number[]][] {
  const found: [number, number[]][] = []
  early.visit(flow, (sequence, bytes) => found.push([sequence, [...bytes]]))
  return found
}

describe('EarlySegments', () => {
  test('the last 64, oldest first, as they were', () => {
    const early = new EarlySegments()
    expect(list(early, 'a')).toEqual([])
    const bytes = new Uint8Array(1)
    for (let i = 0; i < 100; i++) {
      bytes[0] = i
      early.keep(i % 2 === 0 ? 'a' : 'b', i, bytes)
    }
    const found = list(early, 'a')
    expect(found.length).toBe(32)
    expect(found[0]).toEqual([36, [36]])
    expect(found.at(-1)).toEqual([98, [98]])
    early.clear()
    expect(list(early, 'a')).toEqual([])
  })

  test('none of more than 2 kB, and none that is empty', () => {
    const early = new EarlySegments()
    early.keep('a', 0, new Uint8Array(2049))
    early.keep('a', 0, new Uint8Array(0))
    early.keep('a', 1, new Uint8Array(2048))
    expect(list(early, 'a').map(([sequence]) => sequence)).toEqual([1])
  })
})
