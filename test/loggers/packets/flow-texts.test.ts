import { describe, expect, test } from 'vitest'
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC, FAMILY_NONE } from '../../../src/abi/families.ts'
import type { FlowRow, FlowTable } from '../../../src/capture/flow-row.ts'
import { createInterfaceTexts, describeFlow, FlowTexts } from '../../../src/loggers/packets/flow-texts.ts'
import { LineBuffer } from '../../../src/loggers/packets/line-buffer.ts'

const row = (fields: Partial<FlowRow>): FlowRow => ({
  family: FAMILY_NONE,
  protocol: 0,
  sourcePort: 0,
  destinationPort: 0,
  vlan: 0,
  interface: 0,
  source: new Uint8Array(0),
  destination: new Uint8Array(0),
  sourceMac: new Uint8Array(0),
  destinationMac: new Uint8Array(0),
  ...fields,
})

/** A table of any size whose row `id` has the id as its protocol. */
const table: FlowTable = { size: Number.POSITIVE_INFINITY, row: (id) => row({ protocol: id }) }

function textOf(texts: FlowTexts, id: number): string {
  const out = new LineBuffer()
  const slot = texts.find(id)
  texts.writeBefore(out, slot)
  texts.writeBehind(out, slot)
  return Buffer.from(out.take()).toString()
}

describe('FlowTexts', () => {
  test('are made once a flow', () => {
    let made = 0
    const texts = new FlowTexts(table, ({ protocol }) => {
      made++
      return [`<${protocol}`, `→${protocol}>`]
    })
    for (const id of [0, 5, 0, 5000, 5, 5000]) expect(textOf(texts, id)).toBe(`<${id}→${id}>`)
    expect(made).toBe(3)
    texts.clear()
    expect(textOf(texts, 5)).toBe('<5→5>')
    expect(made).toBe(4)
  })

  test('with more flows than there is room for', () => {
    const texts = new FlowTexts(table, ({ protocol }) => [String(protocol), ';'])
    const far = 1 << 19
    for (const id of [1, far + 1, 1, 2 * far + 1, far + 1]) expect(textOf(texts, id)).toBe(`${id};`)
  })

  test('with more text than there is room for', () => {
    const long = 'x'.repeat(60_000)
    const texts = new FlowTexts(table, ({ protocol }) => [String(protocol), long])
    for (let id = 0; id < 1200; id++) expect(textOf(texts, id)).toHaveLength(String(id).length + long.length)
    expect(textOf(texts, 0)).toBe(`0${long}`)
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

test('createInterfaceTexts: names, or indexes where there are none', () => {
  const texts = createInterfaceTexts((id) => ['lan', null][id]!, String)
  expect([0, 1, 0].map((id) => Buffer.from(texts(id)).toString())).toEqual(['lan', '1', 'lan'])
})
