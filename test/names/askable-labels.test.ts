import { expect, test } from 'vitest'
import { isWorthAsking } from '../../src/names/askable-labels.ts'
import { labelAddress } from '../../src/names/labels.ts'
import { addressBytes } from './address-bytes.ts'

const isAsked = (address: string) => isWorthAsking(labelAddress(addressBytes(address)))

test.each([
  '90.130.70.73',
  '2606:4700::1111',
  '172.21.83.232',
  'fd00::1',
  '100.64.0.1',
  '2002:c000:0204::1',
  '::ffff:808:808',
])('%s is asked for', (address) => {
  expect(isAsked(address)).toBe(true)
})

test.each([
  '224.0.0.251',
  'ff02::fb',
  '::ffff:e000:1',
  '255.255.255.255',
  '127.0.0.1',
  '::1',
  '169.254.1.1',
  'fe80::1',
  '192.0.2.1',
  '2001:db8::1',
  '0.0.0.0',
  '0.1.2.3',
  '::',
  '100::1',
  '00:11:22:33:44:55',
  '01:00:5e:00:00:01',
  'ff:ff:ff:ff:ff:ff',
])('%s is not', (address) => {
  expect(isAsked(address)).toBe(false)
})

test.each(['', 'Interface', 'printer.lan', 'constructor'])('%j is no label of an IP address', (text) => {
  expect(isWorthAsking(text)).toBe(false)
})
