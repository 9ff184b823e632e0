import { expect, test } from 'vitest'
import { icmpAnswer, isIcmp } from '../../src/decoders/icmp-answers.ts'

/** Zeek's src/packet_analysis/protocol/icmp/ICMP.cc, ICMP4_counterpart and ICMP6_counterpart (2025), in words. */
const PAIRS = {
  1: { echo: [8, 0], router: [10, 9], timestamp: [13, 14], information: [15, 16], mask: [17, 18] },
  58: {
    echo: [128, 129],
    listener: [130, 131],
    router: [133, 134],
    neighbor: [135, 136],
    'node information': [139, 140],
    'home agent': [144, 145],
  },
}

test.each([1, 58] as const)('protocol %i: questions and answers, and nothing else', (protocol) => {
  const answers = new Map(
    Object.values(PAIRS[protocol]).flatMap(([a, b]) => [
      [a, b],
      [b, a],
    ]) as [number, number][],
  )
  for (let type = 0; type < 256; type++)
    expect([type, icmpAnswer(protocol, type)]).toEqual([type, answers.get(type) ?? -1])
  expect(isIcmp(protocol)).toBe(true)
})

test('other protocols have none', () => {
  for (let type = 0; type < 256; type++) expect(icmpAnswer(6, type)).toBe(-1)
  expect([6, 17, 59].map(isIcmp)).toEqual([false, false, false])
})
