import { describe, expect, test } from 'vitest'
import { HalfRead } from '../../src/sightings/half-read.ts'

describe('HalfRead', () => {
  test('keeps 4096 flows; the oldest goes first', () => {
    const half = new HalfRead<number>()
    for (let i = 0; i < 5000; i++) half.add(half.begin(i, i, 100), 0, new Uint8Array(1))
    expect(half.get(903)).toBeUndefined()
    expect(half.get(904)?.state).toBe(904)
    expect(half.get(4999)?.state).toBe(4999)
  })

  test('keeps 16 MiB; what is dropped, or begun again, counts no more', () => {
    const half = new HalfRead<null>()
    const chunk = new Uint8Array(1 << 14)
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 1024; i++) half.add(half.begin(i, null, 1 << 15), 0, chunk)
    }
    expect(half.get(0)).toBeDefined()
    half.add(half.begin('more', null, 1 << 15), 0, chunk)
    expect(half.get(0)).toBeUndefined()
    expect(half.get(1)).toBeDefined()
    half.drop(1)
    half.add(half.begin('again', null, 1 << 15), 0, chunk)
    expect(half.get(2)).toBeDefined()
    half.clear()
    expect(half.get(2)).toBeUndefined()
  })

  test('the oldest grows on: others go, and the count stays right', () => {
    const half = new HalfRead<null>()
    const oldest = half.begin('oldest', null, 1 << 20)
    const chunk = new Uint8Array(1 << 14)
    for (let i = 0; i < 1024; i++) half.add(half.begin(i, null, 1 << 15), 0, chunk)
    for (let at = 0; at < 1 << 20; at += chunk.length) half.add(oldest, at, chunk)
    expect(half.get('oldest')?.gathered.length).toBe(1 << 20)
    expect([half.get(63), half.get(64) === undefined]).toEqual([undefined, false])
  })

  test('what was read counts no more', () => {
    const half = new HalfRead<null>()
    const begun = half.begin('a', null, 1 << 20)
    const other = half.begin('b', null, 1 << 20)
    half.add(other, 0, new Uint8Array(1))
    for (let i = 0; i < 100; i++) {
      half.add(begun, 0, new Uint8Array(1 << 19))
      half.consume(begun, begun.gathered.length)
    }
    expect(half.get('b')).toBeDefined()
  })
})
