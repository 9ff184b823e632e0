import { expect, test } from 'vitest'
import { layerName } from '../../src/decoders/layer-names.ts'
import { LAYER_NONE } from '../../src/decoders/layers.ts'
import { layerOfLinktype } from '../../src/decoders/linktype.ts'

// tcpdump.org, "Link-layer header types"; 12 and 14 as pcap-linktype(7) tells of DLT_RAW.
test.each([
  [0, 'null'],
  [1, 'ethernet'],
  [9, 'ppp'],
  [12, 'raw-ip'],
  [14, 'raw-ip'],
  [50, 'ppp'],
  [51, 'pppoe'],
  [101, 'raw-ip'],
  [104, 'cisco-hdlc'],
  [105, 'ieee80211'],
  [108, 'loop'],
  [113, 'linux-sll'],
  [127, 'radiotap'],
  [204, 'ppp-with-direction'],
  [219, 'mpls'],
  [228, 'ipv4'],
  [229, 'ipv6'],
  [276, 'linux-sll2'],
])('%i starts with %s', (linktype, name) => {
  expect(layerName(layerOfLinktype(linktype))).toBe(name)
})

test('no other link type is decoded', () => {
  const decoded = Array.from({ length: 65536 }, (_, linktype) => layerOfLinktype(linktype)).filter(
    (layer) => layer !== LAYER_NONE,
  )
  expect(decoded).toHaveLength(18)
  expect(layerOfLinktype(-1)).toBe(LAYER_NONE)
})
