import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EXIT_USAGE } from '../../src/cli/exit-codes.ts'
import { openGeo } from '../../src/cli/open-geo.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { mmdb } from '../support/mmdb.ts'

const folder = temporaryFolder()

test('several files are one database', () => {
  const paths = [
    mmdb({ '192.0.2.0/24': { country: { iso_code: 'SE' } } }, { type: 'X-Country' }),
    mmdb({ '192.0.2.0/25': { autonomous_system_number: 64496 } }, { type: 'X-ASN' }),
  ].map((bytes, i) => {
    const path = join(folder, `${i}.mmdb`)
    writeFileSync(path, bytes)
    return path
  })
  expect(openGeo(paths).lookup('192.0.2.1')).toEqual({ country: 'SE', asn: 64496, asName: null })
  expect(openGeo(paths.slice(0, 1)).fields).toEqual(['country'])
})

test('a file that is none is a mistake of usage', () => {
  expect(() => openGeo([join(folder, 'missing')])).toThrow(
    expect.objectContaining({
      exitCode: EXIT_USAGE,
      message: expect.stringMatching(/^--geoip: .*missing: no such file$/),
    }),
  )
})
