import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Source } from '../../src/capture/source.ts'
import type { Input } from '../../src/pipeline/inputs.ts'
import { stopWith } from '../../src/pipeline/stop-with.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A pipe that brings a byte whenever `bring` is called, and an end with `bring(0)`. */
function pipe(repeatable = false) {
  const waiting: ((count: number) => void)[] = []
  let closed = 0
  const source: Source = {
    name: 'pipe',
    size: null,
    position: 7,
    compression: 'gzip',
    read: () => new Promise((resolve) => waiting.push(resolve)),
    close: async () => void closed++,
  }
  const input: Input = { name: 'pipe', repeatable, size: null, open: async () => source }
  return { input, bring: (count = 1) => waiting.shift()!(count), closed: () => closed }
}

async function outcome(read: Promise<number>): Promise<number | 'waiting'> {
  return Promise.race([read, Promise.resolve('waiting' as const)])
}

const into = new Uint8Array(10)

describe('stopWith', () => {
  test('is the source itself until the signal comes', async () => {
    const { input, bring, closed } = pipe()
    const source = await stopWith(new AbortController().signal, input).open()
    expect([source.name, source.size, source.position, source.compression]).toEqual(['pipe', null, 7, 'gzip'])
    const read = source.read(into)
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await outcome(read)).toBe('waiting')
    bring(3)
    expect(await read).toBe(3)
    await source.close()
    expect(closed()).toBe(1)
  })

  test('ends a quiet pipe soon after', async () => {
    const controller = new AbortController()
    const { input } = pipe()
    const source = await stopWith(controller.signal, input).open()
    const read = source.read(into)
    controller.abort()
    await vi.advanceTimersByTimeAsync(1000)
    expect(await read).toBe(0)
  })

  test('a pipe that has more to say is heard, but not for ever', async () => {
    const controller = new AbortController()
    const { input, bring } = pipe()
    const source = await stopWith(controller.signal, input).open()
    controller.abort()
    let heard = 0
    for (; heard < 1000; heard++) {
      const read = source.read(into)
      await vi.advanceTimersByTimeAsync(100)
      try {
        bring()
      } catch {
        break
      }
      if ((await read) === 0) break
    }
    expect(heard).toBeGreaterThan(10)
    expect(heard).toBeLessThan(100)
  })

  test('a file ends at once', async () => {
    const controller = new AbortController()
    const { input } = pipe(true)
    controller.abort()
    const source = await stopWith(controller.signal, input).open()
    await vi.advanceTimersByTimeAsync(1)
    expect(await source.read(into)).toBe(0)
  })

  test('what reading throws is thrown, and closed sources are forgotten', async () => {
    const controller = new AbortController()
    const add = vi.spyOn(controller.signal, 'addEventListener')
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    const input: Input = {
      name: 'x',
      repeatable: false,
      size: null,
      open: async () => ({
        name: 'x',
        size: null,
        position: 0,
        compression: null,
        read: () => Promise.reject(new Error('broken')),
        close: async () => {},
      }),
    }
    const source = await stopWith(controller.signal, input).open()
    await expect(source.read(into)).rejects.toThrow('broken')
    await source.close()
    expect(remove.mock.calls.length).toBe(add.mock.calls.length)
  })
})
