/** Tests of MAC addresses: at fixed places, or in 802.11 where type and direction of the frame put them. */
import type { Direction } from './ast.ts'
import type { Link } from './link.ts'
import { all, any, equals, hasBits, not, type Test } from './tests.ts'

export const BROADCAST_MAC = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

/** Null: this link type has no such addresses, or no such address. */
export function isMac(link: Link, mac: readonly number[], direction: Direction | null): Test | null {
  return atMac(link, direction, (offset) => isMacAt(link, offset, mac))
}

/** The group bit of the destination. */
export function isGroupMac(link: Link): Test | null {
  return atMac(link, 'dst', (offset) => hasBits(link.inHeader(offset, 1), 1))
}

function isMacAt(link: Link, offset: number, mac: readonly number[]): Test {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac
  // The end differs most often, and is asked first.
  return all(
    equals(link.inHeader(offset + 2, 4), (c << 24) | (d << 16) | (e << 8) | f),
    equals(link.inHeader(offset, 2), (a << 8) | b),
  )
}

function atMac(link: Link, direction: Direction | null, test: (offset: number) => Test): Test | null {
  const { macs } = link
  if (macs === null) return null
  const source = () => (macs === 'wlan' ? atWlanSource(link, test) : test(macs.source))
  const destination = () => (macs === 'wlan' ? atWlanDestination(link, test) : test(macs.destination))
  switch (direction) {
    case null:
    case 'src or dst':
      return any(source(), destination())
    case 'src and dst':
      return all(source(), destination())
    case 'src':
      return source()
    case 'dst':
      return destination()
  }
  return macs === 'wlan' ? atWlanAddress(link, direction, test) : null
}

/** IEEE 802.11-2020 table 9-30: From DS and To DS say which of the four addresses is which. */
function atWlanSource(link: Link, test: (offset: number) => Test): Test {
  const toDs = () => hasBits(link.inHeader(1, 1), 0x01)
  const fromDs = () => hasBits(link.inHeader(1, 1), 0x02)
  const withFromDs = all(fromDs(), any(all(not(toDs()), test(16)), all(toDs(), test(24))))
  const data = any(all(not(fromDs()), test(10)), withFromDs)
  return atWlanFrame(link, data, test(10))
}

function atWlanDestination(link: Link, test: (offset: number) => Test): Test {
  const toDs = () => hasBits(link.inHeader(1, 1), 0x01)
  return atWlanFrame(link, any(all(not(toDs()), test(4)), all(toDs(), test(16))), test(4))
}

/** Control frames have neither source nor destination. */
function atWlanFrame(link: Link, data: Test, management: Test): Test {
  const isData = () => hasBits(link.inHeader(0, 1), 0x08)
  const isControl = hasBits(link.inHeader(0, 1), 0x04)
  return all(not(isControl), any(all(not(isData()), management), all(isData(), data)))
}

function atWlanAddress(link: Link, direction: Direction, test: (offset: number) => Test): Test | null {
  const isControl = () => equals(link.inHeader(0, 1), 0x04, 0x0c)
  const isControlSubtype = (subtype: number) => equals(link.inHeader(0, 1), subtype, 0xf0)
  const isManagement = () => equals(link.inHeader(0, 1), 0x00, 0x0c)
  const hasSecond = () => any(not(isControl()), all(not(isControlSubtype(0xc0)), not(isControlSubtype(0xd0))))
  switch (direction) {
    case 'addr1':
      return test(4)
    case 'addr2':
      return all(hasSecond(), test(10))
    case 'addr3':
      return all(not(isControl()), test(16))
    case 'addr4':
      return all(equals(link.inHeader(1, 1), 0x03, 0x03), test(24))
    case 'ra':
      return all(not(isManagement()), test(4))
    case 'ta':
      return all(not(isManagement()), all(hasSecond(), test(10)))
  }
  return null
}
