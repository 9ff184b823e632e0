import { expect, test } from 'vitest'
import { hostPseudonym, keyedDigest } from '../../src/anonymize/pseudonyms.ts'

const key = new Uint8Array(32).fill(5)
const pseudonym = (name: string) => hostPseudonym(key, name)

test('as many labels as before, of which domains share theirs', () => {
  const www = pseudonym('www.corp.example.org').split('.')
  const mail = pseudonym('mail.corp.example.org').split('.')
  expect(www).toHaveLength(4)
  expect(www.slice(1)).toEqual(mail.slice(1))
  expect(www[0]).not.toBe(mail[0])
  expect(www.at(-1)).toBe('example')
  expect(www[0]).toMatch(/^n[0-9a-f]{10}$/)
  expect(pseudonym('corp.example.org')).toBe(www.slice(1).join('.'))
})

test('letter case and a dot at the end make no other name; another top-level domain does', () => {
  expect(pseudonym('WWW.Example.ORG.')).toBe(pseudonym('www.example.org'))
  expect(pseudonym('www.example.com')).not.toBe(pseudonym('www.example.org'))
  expect(pseudonym('printer')).toMatch(/^n[0-9a-f]{10}$/)
})

test('a text that is no name of DNS is one piece', () => {
  expect(pseudonym('.'.repeat(1000))).toMatch(/^n[0-9a-f]{10}$/)
})

test('HMAC-SHA-256, its first 40 bits', async () => {
  const { createHmac } = await import('node:crypto')
  const expected = createHmac('sha256', key).update('host www.example.org').digest('hex').slice(0, 10)
  expect(keyedDigest(key, 'host', 'www.example.org')).toBe(expected)
})
