import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearNames } from '../../src/names/near-names.ts'

const names = ['eth0', 'eth1', 'any', 'lo', 'wlp3s0', 'docker0', 'veth12ab', 'Wi-Fi']

test.each([
  ['eth', ['eth0', 'eth1']],
  ['eht0', []],
  ['eth2', ['eth0', 'eth1']],
  ['etho', ['eth0', 'eth1']],
  ['l0', ['lo']],
  ['wlp2s0', ['wlp3s0']],
  ['wifi', ['Wi-Fi']],
  ['ETH0', ['eth0', 'eth1']],
  ['dokcer0', ['docker0']],
  ['tun0', []],
])('%s', (name, near) => {
  expect(nearNames(name, names)).toEqual(near)
})

test('any text: at most three, all of them names', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { maxLength: 8 }), (name, list) => {
      const near = nearNames(name, list)
      expect(near.length).toBeLessThanOrEqual(3)
      expect(near.every((one) => list.includes(one))).toBe(true)
      if (list.includes(name)) expect(near[0]!.toLowerCase()).toBe(name.toLowerCase())
    }),
  )
})
