import { describe, expect, test } from 'vitest'
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC } from '../../../src/abi/families.ts'
import { type FixedText, LineBuffer } from '../../../src/loggers/line-buffer.ts'
import {
  createInterfaceTexts,
  describeFlow,
  FLOWS_AT_ONCE,
  FlowTexts,
  type WriteFlow,
} from '../../../src/loggers/packets/flow-texts.ts'
import { row, table } from './flow-table.ts'

/** Of flows that are looked up at once. */
function textsOf(texts: FlowTexts, ...ids: number[]): string[] {
  const out = new LineBuffer()
  const found = texts.find(Uint32Array.from([99, ...ids, 99]), 1, 1 + ids.length)
  return ids.map((_, i) => {
    texts.writeBefore(out, found[i]!)
    out.ascii('|')
    texts.writeBehind(out, found[i]!)
    return Buffer.from(out.take()).toString()
  })
}

describe('FlowTexts', () => {
  test('are made once a flow', () => {
    let made = 0
    const texts = new FlowTexts(
      table,
      (out, { protocol }) => {
        made++
        out.ascii(`<${protocol}`)
      },
      (out, { protocol }) => out.ascii(`${'.'.repeat(protocol % 7)}>`),
    )
    expect(textsOf(texts, 0, 5, 0, 5000, 5)).toEqual(['<0|>', '<5|.....>', '<0|>', '<5000|..>', '<5|.....>'])
    expect(textsOf(texts, 5000)).toEqual(['<5000|..>'])
    expect(made).toBe(3)
    texts.clear()
    expect(textsOf(texts, 5)).toEqual(['<5|.....>'])
    expect(made).toBe(4)
  })

  const number: WriteFlow = (out, { protocol }) => out.number(protocol)

  test('with more flows than there is room for, also among those looked up at once', () => {
    const texts = new FlowTexts(table, number, () => {})
    const far = 1 << 19
    const ids = [1, far + 1, 1, 2 * far + 1, far + 1]
    const expected = ids.map((id) => `${id}|`)
    expect(textsOf(texts, ...ids)).toEqual(expected)
    expect(ids.flatMap((id) => textsOf(texts, id))).toEqual(expected)
  })

  test('with more text than there is room for', () => {
    const long = 'x'.repeat(60_000)
    const texts = new FlowTexts(table, number, (out) => out.ascii(long))
    for (let id = 0; id < 20 * FLOWS_AT_ONCE; id += FLOWS_AT_ONCE) {
      const ids = Array.from({ length: FLOWS_AT_ONCE }, (_, i) => id + i)
      // Not toEqual: it would print them.
      expect(textsOf(texts, ...ids).every((text, i) => text === `${ids[i]}|${long}`)).toBe(true)
    }
    expect(textsOf(texts, 0)[0] === `0|${long}`).toBe(true)
  })
})

describe('describeFlow', () => {
  test('IP', () => {
    const facts = describeFlow(
      row({
        family: FAMILY_IPV4,
        protocol: 6,
        source: Uint8Array.of(192, 0, 2, 1),
        destination: Uint8Array.of(198, 51, 100, 2),
        sourcePort: 40000,
        destinationPort: 443,
      }),
    )
    expect(facts).toEqual({
      source: '192.0.2.1',
      destination: '198.51.100.2',
      protocol: 'TCP',
      sourcePort: 40000,
      destinationPort: 443,
      vlan: null,
    })
    const source = new Uint8Array(16)
    expect(describeFlow(row({ family: FAMILY_IPV6, protocol: 58, source })).source).toBe('::')
  })

  test('MAC addresses and VLANs', () => {
    const facts = describeFlow(row({ family: FAMILY_MAC, protocol: 0x806, source: Uint8Array.of(2, 0, 0, 0, 0, 1) }))
    expect(facts).toMatchObject({ source: '02:00:00:00:00:01', protocol: 'ARP', sourcePort: null })
    expect(describeFlow(row({ vlan: 11 })).vlan).toBe('10')
    expect(describeFlow(row({ vlan: 101 | (11 << 16) })).vlan).toBe('100.10')
    expect(describeFlow(row({ vlan: 1 })).vlan).toBe('0')
  })

  test('nothing known', () => {
    expect(describeFlow(row({ protocol: 147 }))).toMatchObject({ source: null, destination: null, protocol: 'USER0' })
  })
})

function textOf(text: FixedText): string {
  const out = new LineBuffer()
  out.text(text)
  return Buffer.from(out.take()).toString()
}

test('createInterfaceTexts: names, or indexes where there are none', () => {
  const texts = createInterfaceTexts((id) => ['lan', null][id]!, String)
  expect([0, 1, 0].map((id) => textOf(texts(id)))).toEqual(['lan', '1', 'lan'])
})
