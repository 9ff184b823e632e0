import { describe, expect, it } from 'vitest'
import * as fields from '../../src/abi/key-fields.ts'
import { parseBy } from '../../src/engine/by.ts'

const { KEY_SOURCE, KEY_DESTINATION, KEY_SOURCE_PORT, KEY_DESTINATION_PORT, KEY_VLAN, KEY_INTERFACE, KEY_MAC } = fields
const ENDS = KEY_SOURCE | KEY_DESTINATION
const PORTS = KEY_SOURCE_PORT | KEY_DESTINATION_PORT

describe('parseBy', () => {
  it.each([
    ['pair', 'src src_name src_name_source dst dst_name dst_name_source protocol protocol_number', ENDS],
    [
      'flow',
      'src src_name src_name_source src_port dst dst_name dst_name_source dst_port protocol protocol_number vlan',
      ENDS | PORTS | KEY_VLAN,
    ],
    [
      'conversation',
      'src src_name src_name_source src_port dst dst_name dst_name_source dst_port protocol protocol_number',
      ENDS | PORTS,
    ],
    ['host', 'host host_name host_name_source', ENDS],
    ['src', 'src src_name src_name_source', KEY_SOURCE],
    ['dst', 'dst dst_name dst_name_source', KEY_DESTINATION],
    ['protocol', 'protocol protocol_number', 0],
    ['service', 'protocol protocol_number port', PORTS],
    ['port', 'protocol protocol_number port', PORTS],
    ['vlan', 'vlan', KEY_VLAN],
    ['mac', 'src_mac dst_mac', KEY_MAC],
    ['interface', 'interface', KEY_INTERFACE],
    ['direction', 'direction', ENDS],
    ['src/24', 'src_subnet', KEY_SOURCE],
    ['dst/24', 'dst_subnet', KEY_DESTINATION],
    ['host/24', 'subnet', ENDS],
    ['src,protocol', 'src src_name src_name_source protocol protocol_number', KEY_SOURCE],
    ['dst/8, src', 'dst_subnet src src_name src_name_source', ENDS],
    ['Protocol,SERVICE,protocol', 'protocol protocol_number port', PORTS],
    [
      'vlan,pair',
      'vlan src src_name src_name_source dst dst_name dst_name_source protocol protocol_number',
      ENDS | KEY_VLAN,
    ],
    ['host,host/16,service', 'host host_name host_name_source subnet protocol protocol_number port', ENDS | PORTS],
    [
      'conversation,vlan',
      'src src_name src_name_source src_port dst dst_name dst_name_source dst_port protocol protocol_number vlan',
      ENDS | PORTS | KEY_VLAN,
    ],
  ])('%s', (text, columns, keyFields) => {
    const grouping = parseBy(text)
    expect(grouping.columns.join(' ')).toBe(columns)
    expect(grouping.keyFields).toBe(keyFields)
    expect(grouping.bidirectional).toBe(/host|conversation/.test(text))
  })

  it.each(['', 'sources', 'src,', 'src/', 'src/24/', 'src/24/56/1', 'vlan/24', 'src/-1', 'toString', '__proto__'])(
    'says what is accepted in place of %j',
    (text) => {
      expect(() => parseBy(text)).toThrow(/Cannot group by '.*'\. Accepted: pair, flow, conversation, host, src, dst,/)
    },
  )

  it.each([
    ['src/33/64', "An IPv4 prefix has at most 32 bits: 'src/33/64'"],
    ['host/129', "An IPv6 prefix has at most 128 bits: 'host/129'"],
    ['dst/8/129', "An IPv6 prefix has at most 128 bits: 'dst/8/129'"],
    ['src/8,src/16', "'src/16' gives the column 'src_subnet' a second time"],
    ['host,src', "'host' looks at a frame from both ends and cannot be joined with 'src'"],
    ['dst/24,host', "'host' looks at a frame from both ends and cannot be joined with 'dst/24'"],
    ['conversation,host', "'conversation' looks at a frame from both ends and cannot be joined with 'host'"],
    ['protocol,mac,host', "'host' looks at a frame from both ends and cannot be joined with 'mac'"],
  ])('refuses %s', (text, message) => {
    expect(() => parseBy(text)).toThrow(message)
  })
})
