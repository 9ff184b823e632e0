import { describe, expect, test } from 'vitest'
import { pcap, pcapng } from '../../support/build-capture.ts'
import { concat, ethernet, hex, ipv6, udp } from '../../support/build-frame.ts'
import { logCaptures } from '../../support/log-files.ts'
import { sampleCapture } from '../../support/sample-capture.ts'

const textOf = async (capture: Uint8Array) => (await logCaptures([capture], { format: 'text' })).text

describe('text', () => {
  test('one line a frame, in columns', async () => {
    expect(await textOf(sampleCapture)).toBe(
      [
        '  Frame  Time                            Source              Destination        Proto   Length',
        '      1  2025-11-03T10:00:05.000000000Z  10.0.0.1          → 90.130.70.73       TCP        100',
        '      2  2025-11-03T10:00:05.500000000Z  90.130.70.73      → 10.0.0.1           TCP       1000',
        '      3  2025-11-03T10:00:06.000000000Z  10.0.0.1          → 224.0.0.251        UDP        100',
        '      4  2025-11-03T10:00:11.000000000Z  fe80::1           → ff02::fb           UDP        200',
        '      5  2025-11-03T10:00:12.000000000Z  02:00:00:00:00:01 → ff:ff:ff:ff:ff:ff  ARP         60',
        '      6  2025-11-03T10:00:36.000000000Z  90.130.70.73      → 10.0.0.1           TCP       1000',
        '',
      ].join('\n'),
    )
  })

  test('long addresses line up among themselves', async () => {
    const frame = (source: string, destination: string) => ({
      data: ethernet(0x86dd, ipv6({ nextHeader: 17, source, destination }, udp({}, new Uint8Array(4)))),
    })
    const local = 'fe80::1234:5678:9abc:def0'
    const long = '2001:db8:1111:2222:3333:4444:5555:6666'
    const lines = (
      await textOf(pcap([frame(local, 'ff02::1'), frame(long, long), frame('fe80::1111:2222:3333:4', '::1')]))
    )
      .split('\n')
      .slice(1, -1)
    expect(lines.map((line) => line.slice(41))).toEqual([
      `${local} → ff02::1            UDP         66`,
      `${long}  → ${long}   UDP         66`,
      'fe80::1111:2222:3333:4    → ::1                UDP         66',
    ])
  })

  test('no time, no address', async () => {
    const { section, interface: description, simplePacket } = pcapng()
    const capture = Buffer.concat([section(), description({ linktype: 147 }), simplePacket({ data: hex('00010203') })])
    expect((await textOf(capture)).split('\n')[1]).toBe(
      '      1  -                               -                 → -                  USER0        4',
    )
  })

  test('a protocol that nobody named, and a length beyond any frame', async () => {
    const data = concat(hex('020000000002 020000000001 88b5'), new Uint8Array(50))
    expect((await textOf(pcap([{ data, origlen: 12_345_678 }]))).split('\n')[1]!.slice(41)).toBe(
      '02:00:00:00:00:01 → 02:00:00:00:00:02  0x88b5  12345678',
    )
  })
})
