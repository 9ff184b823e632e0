import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Dhcpv6Names } from '../../src/sightings/dhcpv6.ts'
import { concat, u32 } from '../support/build-frame.ts'
import { addressBytes } from '../support/frames.ts'
import { namesTo } from '../support/read-names.ts'
import { option6, wireName } from './dhcp-messages.ts'

const REQUEST = 3
const REPLY = 7

const client = option6(1, Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1))
const fqdn = option6(39, concat(Uint8Array.of(1), wireName('Desk', 'example')))

function message(type: number, ...options: Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(type, 0, 0, 7), client, ...options)
}

function granted(address: string, validSeconds = 3600): Uint8Array {
  return option6(
    3,
    concat(u32(1), u32(0), u32(0), option6(5, concat(addressBytes(address), u32(0), u32(validSeconds)))),
  )
}

function read(...messages: Uint8Array[]): string[] {
  const names: string[] = []
  const dhcp = new Dhcpv6Names(namesTo(names))
  for (const each of messages) dhcp.read(each)
  return names
}

describe('Dhcpv6Names', () => {
  test('the name of the request, the addresses of the answer', () => {
    const reply = message(REPLY, granted('2001:db8::20'), granted('2001:db8::21'))
    expect(read(message(REQUEST, fqdn), reply)).toEqual([
      'dhcp 2001:db8::20 desk.example',
      'dhcp 2001:db8::21 desk.example',
    ])
    expect(read(reply)).toEqual([])
  })

  test('the answer has a name itself; an address that is taken back', () => {
    expect(read(message(REPLY, granted('2001:db8::20'), fqdn))).toEqual(['dhcp 2001:db8::20 desk.example'])
    expect(read(message(REPLY, granted('2001:db8::20', 0), fqdn))).toEqual([])
  })

  test('an answer to another', () => {
    const other = option6(1, Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 2))
    const reply = concat(Uint8Array.of(REPLY, 0, 0, 7), other, granted('2001:db8::20'))
    expect(read(message(REQUEST, fqdn), reply)).toEqual([])
  })

  test('what a client asks for is not granted yet', () => {
    expect(read(message(REQUEST, fqdn, granted('2001:db8::20')))).toEqual([])
  })

  test('any damage, cut anywhere: no name that is none', () => {
    const reply = message(REPLY, granted('2001:db8::20'), fqdn)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(reply.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(),
        (changes, length) => {
          const bytes = reply.slice()
          for (const [at, byte] of changes) bytes[at] = byte
          for (const name of read(message(REQUEST, fqdn), bytes.subarray(0, length % bytes.length), bytes)) {
            expect(name).toMatch(/^dhcp [\da-f:.]+ [!-@[-~]{1,253}$/)
          }
        },
      ),
    )
    expect(read(new Uint8Array(0))).toEqual([])
  })
})
