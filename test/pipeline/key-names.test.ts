import { expect, test } from 'vitest'
import { Parser } from '../../src/capture/parser.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { NameBook } from '../../src/names/name-book.ts'
import { openFile } from '../../src/node/open-source.ts'
import { keyNamesOf } from '../../src/pipeline/key-names.ts'
import { capturesFolder } from '../support/captures.ts'
import { compileModule } from '../support/corpus.ts'

test('has names that are learnt later, and those of interfaces that are met later', async () => {
  const parser = new Parser(await compileModule(), { keyFields: 0 })
  const book = new NameBook()
  const names = keyNamesOf(createEndpointNamer({ book }), parser)
  const address = Uint8Array.of(192, 0, 2, 1)
  const { name, source } = names.describe(address)
  expect([name, source ?? null]).toEqual(['Documentation', null])
  book.addHost(address, 'desk.example')
  expect(names.describe(address)).toMatchObject({
    address: formatAddress(address),
    name: 'desk.example',
    source: 'hosts',
  })
  expect([names.nameOf?.(address), names.nameSource]).toEqual(['desk.example', 'hosts'])

  const stream = parser.open(await openFile(`${capturesFolder}office.pcapng`))
  await stream.next()
  expect(names.interfaceName?.(0)).toBe('eth0')
  await parser.close(stream)
})
