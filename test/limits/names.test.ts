/** A million addresses: what is remembered of them does not grow with them. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { createReverseDns } from '../../src/node/reverse-dns.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapMib(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const MILLION = 1_000_000

test('a million IPv6 addresses described: the cache has room for 32,768', () => {
  const namer = createEndpointNamer()
  const bytes = new Uint8Array(16)
  bytes[0] = 0x20
  const view = new DataView(bytes.buffer)
  const before = heapMib()
  for (let i = 0; i < MILLION; i++) {
    view.setUint32(12, i)
    namer.describe(bytes)
  }
  expect(namer.describe(bytes).address).toBe('2000::f:423f')
  expect(heapMib() - before).toBeLessThan(40)
})

test('200,000 addresses looked up: the last ten thousand are remembered, and 32 are asked for at once', {
  timeout: 120_000,
}, async () => {
  let underWay = 0
  let mostUnderWay = 0
  const resolver = {
    async resolvePtr(question: string): Promise<string[]> {
      mostUnderWay = Math.max(mostUnderWay, ++underWay)
      await null
      underWay--
      return [`host-${question.replaceAll('.', '-')}.example`]
    },
    cancel() {},
  }
  const names = createReverseDns({ resolver })
  const address = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
  const before = heapMib()
  const count = 200_000
  for (let i = 0; i < count; i += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, k) => names.lookup(address(i + k))))
  }
  expect(mostUnderWay).toBe(32)
  expect(names.known(address(count - 1))).toMatch(/^host-/)
  expect(names.known(address(count - 9000))).toMatch(/^host-/)
  expect(names.known(address(count - 12_000))).toBeUndefined()
  expect(heapMib() - before).toBeLessThan(40)
  names.close()
})
