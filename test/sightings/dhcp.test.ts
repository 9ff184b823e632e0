import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DhcpNames } from '../../src/sightings/dhcp.ts'
import { concat } from '../support/build-frame.ts'
import { namesTo } from '../support/read-names.ts'
import { dhcpMessage, option, text, wireName } from './dhcp-messages.ts'

const DISCOVER = 1
const REQUEST = 3
const ACK = 5
const NAK = 6
const INFORM = 8
const HOST_NAME = 12
const FQDN = 81
const FROM_CLIENT = 1
const FROM_SERVER = 2

function read(...messages: Uint8Array[]): string[] {
  const names: string[] = []
  const dhcp = new DhcpNames(namesTo(names))
  for (const message of messages) dhcp.read(message)
  return names
}

const desk = option(HOST_NAME, text('Desk-20'))
const request = dhcpMessage({ op: FROM_CLIENT, type: REQUEST, options: desk })
const ack = dhcpMessage({ op: FROM_SERVER, type: ACK, yiaddr: '192.168.1.20' })

describe('DhcpNames', () => {
  test('the name of the request, the address of the answer', () => {
    expect(read(request, ack)).toEqual(['dhcp 192.168.1.20 desk-20'])
    const discover = dhcpMessage({ op: FROM_CLIENT, type: DISCOVER, options: desk })
    expect(read(discover, dhcpMessage({ op: FROM_CLIENT, type: REQUEST }), ack)).toEqual(['dhcp 192.168.1.20 desk-20'])
  })

  test("an answer without a request, or to another's; a refusal", () => {
    expect(read(ack)).toEqual([])
    expect(read(request, dhcpMessage({ op: FROM_SERVER, type: ACK, yiaddr: '192.168.1.20', xid: 8 }))).toEqual([])
    expect(read(request, dhcpMessage({ op: FROM_SERVER, type: ACK, yiaddr: '192.168.1.20', chaddr: 9 }))).toEqual([])
    expect(read(request, dhcpMessage({ op: FROM_SERVER, type: NAK, yiaddr: '192.168.1.20' }))).toEqual([])
  })

  test("the server's word for it goes before the client's", () => {
    const options = option(HOST_NAME, text('other'))
    const answer = dhcpMessage({ op: FROM_SERVER, type: ACK, yiaddr: '192.168.1.20', options })
    expect(read(request, answer)).toEqual(['dhcp 192.168.1.20 other'])
    expect(read(answer)).toEqual(['dhcp 192.168.1.20 other'])
  })

  test('a client that has its address: renewing, and asking for more', () => {
    const renewal = { op: FROM_CLIENT, ciaddr: '192.168.1.20', options: desk }
    expect(read(dhcpMessage({ ...renewal, type: REQUEST }))).toEqual(['dhcp 192.168.1.20 desk-20'])
    const inform = dhcpMessage({ ...renewal, type: INFORM })
    const answer = dhcpMessage({ op: FROM_SERVER, type: ACK, ciaddr: '192.168.1.20' })
    expect(read(inform, answer)).toEqual(['dhcp 192.168.1.20 desk-20', 'dhcp 192.168.1.20 desk-20'])
  })

  test('a fully qualified name, as text and in wire form (RFC 4702 §2.1), goes before a host name', () => {
    const answer = (options: Uint8Array) =>
      read(dhcpMessage({ op: FROM_SERVER, type: ACK, yiaddr: '192.168.1.20', options }))
    const wire = option(FQDN, concat(Uint8Array.of(4, 255, 255), wireName('desk', 'example')))
    expect(answer(concat(wire, desk))).toEqual(['dhcp 192.168.1.20 desk.example'])
    // Without its end: then it is only the beginning of a name.
    expect(answer(option(FQDN, concat(Uint8Array.of(4, 0, 0), wireName('desk').subarray(0, -1))))).toEqual([
      'dhcp 192.168.1.20 desk',
    ])
    expect(answer(option(FQDN, concat(Uint8Array.of(0, 0, 0), text('desk.example'))))).toEqual([
      'dhcp 192.168.1.20 desk.example',
    ])
    expect(answer(concat(option(FQDN, Uint8Array.of(4, 0, 0)), desk))).toEqual(['dhcp 192.168.1.20 desk-20'])
  })

  test('zeros behind a name are none of it; what a terminal obeys is written out', () => {
    const named = (name: Uint8Array) =>
      read(dhcpMessage({ op: FROM_SERVER, type: ACK, yiaddr: '192.168.1.20', options: option(HOST_NAME, name) }))
    expect(named(text('desk\0\0'))).toEqual(['dhcp 192.168.1.20 desk'])
    expect(named(text('\x1b[31mdesk'))).toEqual(['dhcp 192.168.1.20 \\027[31mdesk'])
    expect(named(text('\0'))).toEqual([])
  })

  test('remembers 1024 requests', () => {
    const requests = Array.from({ length: 1024 }, (_, i) =>
      dhcpMessage({ op: FROM_CLIENT, type: REQUEST, xid: 100 + i, options: desk }),
    )
    expect(read(request, ...requests.slice(1), ack)).toEqual(['dhcp 192.168.1.20 desk-20'])
    expect(read(request, ...requests, ack)).toEqual([])
  })

  test('any damage, cut anywhere: no name that is none', () => {
    const damage = fc.array(fc.tuple(fc.nat(ack.length + 20), fc.nat(255)), { maxLength: 6 })
    const answer = dhcpMessage({ op: FROM_SERVER, type: ACK, yiaddr: '192.168.1.20', options: desk })
    fc.assert(
      fc.property(damage, fc.nat(answer.length), (changes, length) => {
        const bytes = answer.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        for (const name of read(request, bytes.subarray(0, length), bytes)) {
          expect(name).toMatch(/^dhcp [\d.]+ [!-@[-~]{1,253}$/)
        }
      }),
    )
  })
})
