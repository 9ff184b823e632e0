/** Frames that are written hidden, of captures in memory. What tools read of them: test/commands/anonymize.test.ts. */
import { expect, test } from 'vitest'
import { Anonymizer } from '../../../src/anonymize/anonymizer.ts'
import { formatAddress } from '../../../src/decoders/address-text.ts'
import { REFERENCE_KEY } from '../../anonymize/reference-vectors.ts'
import { pcapng } from '../../support/build-capture.ts'
import { ethernet, hex, ipv4, SOURCE_IPV4, udp } from '../../support/build-frame.ts'
import { addressBytes } from '../../support/frames.ts'
import { logCaptures, rowsOf } from '../../support/log-files.ts'
import { readCapture } from '../../support/read-capture.ts'

const anonymizer = new Anonymizer(REFERENCE_KEY)
const make = pcapng()
const frame = ethernet(0x0800, ipv4({ protocol: 17 }, udp({}, hex('736563726574'))))
const SUNATM = 123
const capture = Buffer.concat([
  make.section(),
  make.interface({ name: 'wlan-ada' }),
  make.interface({ linktype: SUNATM }),
  make.packet({ data: frame, ticks: 1n, options: [{ code: 1, value: Buffer.from('a comment of ada') }] }),
  make.packet({ interface: 1, data: hex('0102 0304 736563726574'), ticks: 2n }),
  make.packet({ data: frame, caplen: frame.length, origlen: 1500, ticks: 3n }),
])

test('pcapng: lengths and times stay, bytes and names do not', async () => {
  const { files } = await logCaptures([capture], { format: 'pcapng', anonymizer })
  const bytes = files[0]!
  expect(bytes.toString('latin1')).not.toMatch(/ada|secret/)
  const before = await readCapture(capture)
  const { frames, interfaces } = await readCapture(bytes)
  expect(frames.map(({ time, origlen, caplen }) => [time, origlen, caplen])).toEqual(
    before.frames.map(({ time, origlen }, i) => [time, origlen, i === 1 ? 0 : 42]),
  )
  // Wireshark refuses an empty frame of SunATM.
  expect(interfaces.map(({ name, linktype }) => [name, linktype])).toEqual([
    [anonymizer.interfaceName('wlan-ada'), 1],
    [null, 147],
  ])
})

test('rows: the captured length is that of the capture, the addresses are others', async () => {
  const { text } = await logCaptures([capture], { format: 'csv', anonymizer })
  const [first] = rowsOf(text)
  expect(first).toMatchObject({
    src: formatAddress(anonymizer.address(addressBytes(SOURCE_IPV4))),
    captured_length: `${frame.length}`,
    interface: anonymizer.interfaceName('wlan-ada'),
  })
  expect(text).not.toMatch(/ada|192\.0\.2\.1,/)
})
