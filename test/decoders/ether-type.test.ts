import { expect, test } from 'vitest'
import { isVlanEtherType, layerOfEtherType, layerOfTunnelledEtherType } from '../../src/decoders/ether-type.ts'
import * as layer from '../../src/decoders/layers.ts'

// IEEE 802 Numbers (IANA); 0x9100 to 0x9300 are in no registry.
const KNOWN: [number, number][] = [
  [0x0800, layer.LAYER_IPV4],
  [0x0806, layer.LAYER_ARP],
  [0x8100, layer.LAYER_VLAN],
  [0x86dd, layer.LAYER_IPV6],
  [0x8847, layer.LAYER_MPLS],
  [0x8848, layer.LAYER_MPLS],
  [0x8864, layer.LAYER_PPPOE],
  [0x88a8, layer.LAYER_VLAN],
  [0x9100, layer.LAYER_VLAN],
  [0x9200, layer.LAYER_VLAN],
  [0x9300, layer.LAYER_VLAN],
]

/** All EtherTypes that lead on. */
function leading(layerOf: (etherType: number) => number): [number, number][] {
  return Array.from({ length: 65536 }, (_, type): [number, number] => [type, layerOf(type)]).filter(
    ([, next]) => next !== 0,
  )
}

test('these lead on and no others', () => {
  expect(leading(layerOfEtherType)).toEqual(KNOWN)
  expect(leading((type) => Number(isVlanEtherType(type))).map(([type]) => type)).toEqual(
    KNOWN.filter(([, next]) => next === layer.LAYER_VLAN).map(([type]) => type),
  )
})

test('in tunnels also bridged Ethernet and PPP', () => {
  const more: [number, number][] = [
    [0x6558, layer.LAYER_ETHERNET],
    [0x880b, layer.LAYER_PPP],
  ]
  expect(leading(layerOfTunnelledEtherType)).toEqual([...KNOWN, ...more].sort(([a], [b]) => a - b))
})
