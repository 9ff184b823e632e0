import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, writeFile } from '../../node/fixtures.ts'
import { pcapng } from '../../support/build-capture.ts'
import { captureFiles, capturesFolder } from '../../support/captures.ts'
import { logCaptures } from '../../support/log-files.ts'
import { readCapture } from '../../support/read-capture.ts'
import { missingTools, output } from '../../support/tools.ts'
import { anyCapture } from './rows.ts'

const folder = temporaryFolder()
const plain = captureFiles().filter((name) => /\.pcap(ng)?$/.test(name))

/** What a frame is, wherever it is written. Times before 1970 are not carried over. */
async function framesOf(capture: Uint8Array) {
  const { frames, interfaces, fault } = await readCapture(capture)
  const list = frames.map(({ time, origlen, caplen, data, linktype, interface: id }) => ({
    time: time !== null && time < 0n ? null : time,
    origlen,
    caplen,
    data,
    linktype,
    // The parser takes a byte order mark at the start of a name for what it is in a file.
    name: interfaces[id]!.name?.replace(/^\ufeff+/, '') || null,
  }))
  return { list, fault }
}

const asPcapng = async (capture: Uint8Array, snaplen?: number) => {
  const { files } = await logCaptures([capture], { format: 'pcapng', snaplen })
  return files[0]!
}

describe('pcapng', () => {
  test.each(plain)('%s: the same frames, read back', async (name) => {
    const capture = readFileSync(capturesFolder + name)
    const before = await framesOf(capture)
    if (before.fault?.kind === 'foreign' || before.list.length === 0) return
    const after = await framesOf(await asPcapng(capture))
    expect(after.fault).toBeNull()
    expect(after.list).toEqual(before.list)
  })

  test('any frames, times and names', async () => {
    await fc.assert(
      fc.asyncProperty(anyCapture, async (capture) => {
        const before = await framesOf(capture)
        const after = await framesOf(await asPcapng(capture))
        expect(after.fault).toBeNull()
        // A time that nanoseconds cannot hold stays behind: interface 0 has blocks without one, the others would be of 1970.
        const times = before.list.map(({ time }, i) => time ?? (after.list[i]!.time === 0n ? 0n : null))
        expect(after.list).toEqual(before.list.map((frame, i) => ({ ...frame, time: times[i] })))
      }),
      { numRuns: 100 },
    )
  })

  test.each([1, 60, 96, 4096])('cut to %d bytes', async (snaplen) => {
    for (const name of [
      'office.pcapng',
      'two-interfaces.pcapng',
      'pcapng-simple-packets.pcapng',
      'office-snaplen-96.pcap',
    ]) {
      const capture = readFileSync(capturesFolder + name)
      const { list } = await framesOf(capture)
      const cut = await framesOf(await asPcapng(capture, snaplen))
      expect(cut.list).toEqual(
        list.map((frame) => ({
          ...frame,
          caplen: Math.min(frame.caplen, snaplen),
          data: frame.data.slice(0, 2 * snaplen),
        })),
      )
    }
  })

  test('counters of the interfaces', async () => {
    const blocks = pcapng()
    const capture = Buffer.concat([
      blocks.section(),
      blocks.interface({ name: 'a' }),
      blocks.interface({ name: 'b' }),
      blocks.packet({ data: new Uint8Array(60) }),
      blocks.statistics({ interface: 1, received: 7n, dropped: 2n ** 40n }),
    ])
    const { interfaces } = await readCapture(await asPcapng(capture))
    expect(interfaces.map(({ received, dropped }) => [received, dropped])).toEqual([
      [null, null],
      [7, 2 ** 40],
    ])
  })

  test('an interface that is described later on', async () => {
    const blocks = pcapng()
    const head = [blocks.section(), blocks.interface({ name: 'a' })]
    const data = new Uint8Array(60)
    const packets = (id: number) => Array.from({ length: 5000 }, () => blocks.packet({ interface: id, data }))
    const capture = Buffer.concat([...head, ...packets(0), blocks.interface({ name: 'b' }), ...packets(1)])
    const before = await framesOf(capture)
    expect((await framesOf(await asPcapng(capture))).list).toEqual(before.list)
  })
})

const noTools = missingTools('tshark', 'capinfos')
if (noTools !== null) console.log(`pcapng against tshark: skipped, ${noTools}`)

describe.skipIf(noTools !== null)('as Wireshark reads it', () => {
  const FIELDS = ['number', 'time_epoch', 'len', 'cap_len', 'interface_name', 'encap_type', 'protocols']
  const read = (file: string) =>
    output('tshark', ['-n', '-r', file, '-T', 'fields', ...FIELDS.flatMap((f) => ['-e', `frame.${f}`])])

  test.each([
    'office.pcapng',
    'two-interfaces.pcapng',
    'pcapng-interfaces.pcapng',
    'pcapng-tsoffset.pcapng',
    'pcapng-drops.pcapng',
    'vlan.pcapng',
  ])('%s', async (name) => {
    const written = writeFile(folder, name, await asPcapng(readFileSync(capturesFolder + name)))
    // Digits beyond the resolution of the interface are shown or not.
    const digits = (text: string) => text.replace(/(\.\d+?)0*\t/g, '$1\t')
    expect(digits(read(written))).toBe(digits(read(capturesFolder + name)))
    const facts = (file: string) => output('capinfos', ['-M', '-c', '-d', '-S', '-a', '-e', file]).split('\n').slice(1)
    expect(facts(written).map((line) => line.replace(/0+$/, ''))).toEqual(
      facts(capturesFolder + name).map((line) => line.replace(/0+$/, '')),
    )
  })
})
