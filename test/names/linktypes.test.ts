import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { linktypeName } from '../../src/names/linktypes.ts'

test.each([
  [0, 'NULL'],
  [1, 'ETHERNET'],
  [9, 'PPP'],
  [50, 'PPP_HDLC'],
  [51, 'PPP_ETHER'],
  [100, 'ATM_RFC1483'],
  [101, 'RAW'],
  [104, 'C_HDLC'],
  [105, 'IEEE802_11'],
  [108, 'LOOP'],
  [113, 'LINUX_SLL'],
  [127, 'IEEE802_11_RADIOTAP'],
  [189, 'USB_LINUX'],
  [195, 'IEEE802_15_4_WITHFCS'],
  [228, 'IPV4'],
  [229, 'IPV6'],
  [276, 'LINUX_SLL2'],
  [290, 'ETW'],
  [305, 'ETW2'],
])('%i is %s', (linktype, name) => {
  expect(linktypeName(linktype)).toBe(name)
})

test('147 to 162 are for private use', () => {
  for (let i = 0; i < 16; i++) expect(linktypeName(147 + i)).toBe(`USER${i}`)
})

test('numbers without a name are numbers', () => {
  for (const linktype of [11, 13, 52, 208, 306, 9999, 65535]) {
    expect(linktypeName(linktype)).toBe(`LINKTYPE ${linktype}`)
  }
})

test('but for raw IP no two numbers share a name', () => {
  const numbers = Array.from({ length: 400 }, (_, linktype) => linktype).filter(
    (linktype) => ![12, 14].includes(linktype),
  )
  expect(new Set(numbers.map(linktypeName)).size).toBe(numbers.length)
})

const hasTcpdump = spawnSync('tcpdump', ['--version']).status === 0

/** What tcpdump calls the link type of an empty capture; null when its libpcap has no name for it. */
function tcpdumpName(linktype: number): string | null {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(262144, 16)
  header.writeUInt32LE(linktype, 20)
  const { stderr } = spawnSync('tcpdump', ['-n', '-r', '-'], { input: header, encoding: 'utf8' })
  return /link-type ([A-Z]\w*) \(/.exec(stderr)?.[1] ?? null
}

/** DLT_ names that differ from the LINKTYPE_ name, by the registry's own table. */
const DLT_NAMES: Readonly<Record<number, string>> = {
  1: 'EN10MB',
  6: 'IEEE802',
  7: 'ARCNET',
  50: 'PPP_SERIAL',
  119: 'PRISM_HEADER',
  127: 'IEEE802_11_RADIO',
  163: 'IEEE802_11_RADIO_AVS',
  195: 'IEEE802_15_4',
}

test.skipIf(!hasTcpdump)('tcpdump names them alike', () => {
  let compared = 0
  for (let linktype = 0; linktype < 306; linktype++) {
    // 11 to 49: DLT_ values of one system or another, not link types. 147 to 162: for private use.
    if ((linktype > 10 && linktype < 50) || (linktype > 146 && linktype < 163)) continue
    const name = tcpdumpName(linktype)
    if (name === null) continue
    expect(DLT_NAMES[linktype] ?? linktypeName(linktype)).toBe(name)
    compared += 1
  }
  expect(compared).toBeGreaterThan(100)
})
