import { describe, expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type Input, planInputs, timeOf } from '../../src/pipeline/inputs.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { createParser, memorySource } from '../support/read-capture.ts'

const module = loadCaptureModule()
const data = new Uint8Array(60)

interface TestInput extends Input {
  opened: number
  closed: number
}

function input(name: string, bytes: Uint8Array | Error, repeatable = true): TestInput {
  const result: TestInput = {
    name,
    repeatable,
    size: null,
    opened: 0,
    closed: 0,
    async open() {
      if (bytes instanceof Error) throw bytes
      result.opened++
      return { ...memorySource(bytes), close: async () => void result.closed++ }
    },
  }
  return result
}

const at = (...seconds: number[]) => pcap(seconds.map((time) => ({ seconds: time, data })))

async function plan(inputs: readonly Input[]): Promise<string[]> {
  return (await planInputs(module, inputs)).map(({ input: { name }, index, firstNs }) => `${name} ${index} ${firstNs}`)
}

describe('planInputs', () => {
  test('by the time of the first frame, in the order of the names on a tie; each is closed again', async () => {
    const inputs = [input('c', at(9)), input('a', at(5, 1)), input('b', at(5)), input('d', at(0))]
    expect(await plan(inputs)).toEqual(['d 3 0', 'a 1 5000000000', 'b 2 5000000000', 'c 0 9000000000'])
    for (const { opened, closed } of inputs) expect([opened, closed]).toEqual([1, 1])
  })

  test('a single input is not looked at, nor is a pipe', async () => {
    const alone = input('x', at(5))
    expect(await plan([alone])).toEqual(['x 0 null'])
    const pipe = input('pipe', at(5), false)
    expect(await plan([input('x', at(1)), pipe])).toEqual(['pipe 1 null', 'x 0 1000000000'])
    expect([alone.opened, pipe.opened]).toEqual([0, 0])
  })

  test('what has no first frame comes first: its reason is wanted', async () => {
    const blocks = pcapng()
    const timeless = Buffer.concat([blocks.section(), blocks.interface(), blocks.simplePacket({ data })])
    expect(
      await plan([
        input('good', at(5)),
        input('empty', new Uint8Array(0)),
        input('no frames', at()),
        input('no capture', Buffer.from('hello, hello, hello, hello')),
        input('timeless', timeless),
        input('gone', new SourceUnavailable('cannot open gone')),
      ]),
    ).toEqual([
      'empty 1 null',
      'no frames 2 null',
      'no capture 3 null',
      'timeless 4 null',
      'gone 5 null',
      'good 0 5000000000',
    ])
    await expect(plan([input('x', at(1)), input('bug', new TypeError('a bug'))])).rejects.toThrow('a bug')
  })
})

test('timeOf: signed, exact, null without a time', async () => {
  const blocks = pcapng()
  const bytes = Buffer.concat([
    blocks.section(),
    blocks.interface({ tsresol: 9, tsoffset: BigInt.asUintN(64, -2n) }),
    blocks.packet({ ticks: 1n, data }),
    blocks.packet({ ticks: 4_000_000_000_123_456_789n, data }),
    blocks.simplePacket({ data }),
  ])
  const batch = (await createParser().open(memorySource(bytes)).next())!
  expect([0, 1, 2].map((i) => timeOf(batch, i))).toEqual([-1_999_999_999n, 3_999_999_998_123_456_789n, null])
})
