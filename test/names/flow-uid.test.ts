import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flowUid } from '../../src/names/flow-uid.ts'

test('looks like one of Zeek, and is the same in every run', () => {
  const facts = ['1300475167096535000', '141.142.220.202', 5353, '224.0.0.251', 5353, 17]
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const number = BigInt(`0x${createHash('sha1').update(facts.join('\n')).digest('hex').slice(0, 24)}`)
  const letters = Array.from({ length: 16 }, (_, i) => digits[Number((number / 62n ** BigInt(i)) % 62n)])
  expect(flowUid(facts)).toBe(`C${letters.join('')}`)
})

test('different facts have different ids, and their borders count', () => {
  const anyFacts = fc.array(fc.oneof(fc.nat(), fc.ipV4()), { minLength: 6, maxLength: 6 })
  fc.assert(
    fc.property(anyFacts, anyFacts, (a, b) => {
      fc.pre(a.join() !== b.join())
      expect(flowUid(a)).toMatch(/^C[0-9A-Za-z]{16}$/)
      expect(flowUid(a)).not.toBe(flowUid(b))
    }),
  )
  expect(flowUid([1, 23])).not.toBe(flowUid([12, 3]))
})
