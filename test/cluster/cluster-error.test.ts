import { expect, test } from 'vitest'
import { redactText, redactUrl, redisReason } from '../../src/node/cluster/cluster-error.ts'

test('no password, and no token of a signed address, is shown', () => {
  expect(redactUrl('rediss://me:geheim@host:6380/2')).toBe('rediss://me:***@host:6380/2')
  expect(redactUrl('https://host/a.pcap?X-Amz-Signature=geheim')).toBe('https://host/a.pcap?***')
  expect(redactUrl('geheim')).toBe('an address that is none')
})

test('nor is it where somebody else quotes it, as it is or as it was written', () => {
  const address = 'redis://:ge%20heim@host'
  expect(redactText(`bad: ${address}, ge heim, ge%20heim`, address)).toBe('bad: redis://:***@host, ***, ***')
  expect(redactText('nothing', 'redis://host')).toBe('nothing')
})

test('a full Redis', () => {
  expect(redisReason(new Error("OOM command not allowed when used memory > 'maxmemory'."))).toMatch(/no room/)
  expect(redisReason(new Error('something else'))).toBe('something else')
})
