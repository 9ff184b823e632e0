/** Looking up a flow for each frame: a table that fits the first cache, one that fits none, and one that has to grow. */
import { bench, describe } from 'vitest'
import { KEY_DESTINATION, KEY_DESTINATION_PORT, KEY_SOURCE, KEY_SOURCE_PORT } from '../../src/abi/key-fields.ts'
import { createParser } from '../../test/support/read-capture.ts'
import { pcapOf, readAll } from './captures.ts'
import { SHORT } from './options.ts'

const PAIR = KEY_SOURCE | KEY_DESTINATION
const FLOW = PAIR | KEY_SOURCE_PORT | KEY_DESTINATION_PORT

describe('flow table, 64 Ki frames', () => {
  const few = pcapOf(100)
  const many = pcapOf(1 << 20)
  for (const [name, keyFields] of [
    ['pair', PAIR],
    ['5-tuple', FLOW],
  ] as const) {
    const parser = createParser({ keyFields })
    bench(`${name}, 100 flows`, () => readAll(parser, few), SHORT)
    const large = createParser({ keyFields })
    bench(`${name}, 64 k flows, met before`, () => readAll(large, many), SHORT)
    const growing = createParser({ keyFields })
    bench(
      `${name}, 64 k flows, all new`,
      async () => {
        growing.forgetFlows()
        await readAll(growing, many)
      },
      SHORT,
    )
  }
})
