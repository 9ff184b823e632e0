import { expect, test } from 'vitest'
import { interfaceName } from '../../src/cli/interface-name.ts'
import { listInterfaces } from '../../src/node/interfaces.ts'

test('numbers are those of the list', async () => {
  for (const { number, name } of await listInterfaces()) {
    expect(await interfaceName(String(number))).toBe(name)
    expect(await interfaceName(name)).toBe(name)
  }
})

test('a name is taken as it is, there or not', async () => {
  expect(await interfaceName('nosuch0')).toBe('nosuch0')
})

test('a number that is none of them', async () => {
  await expect(interfaceName('98765')).rejects.toMatchObject({
    kind: 'no-such-interface',
    message: 'there is no interface 98765',
  })
})
