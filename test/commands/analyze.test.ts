/** What each flag of `netkit analyze` does, on a capture whose numbers can be reckoned by hand (sample-capture.ts). */
import { describe, expect, test } from 'vitest'
import Analyze from '../../src/commands/analyze.ts'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { analyze, netkit } from '../support/netkit-process.ts'
import { analyzeHere } from '../support/run-here.ts'
import { START_SECONDS, sampleCapture, sampleRecords } from '../support/sample-capture.ts'

const folder = temporaryFolder()
const sample = writeFile(folder, 'sample.pcap', sampleCapture)

async function shown(...args: string[]): Promise<string> {
  return `\n${(await analyzeHere([sample, ...args])).replaceAll(folder, '…')}`
}

/** Rows of CSV without the two columns of the window. */
async function rows(...args: string[]): Promise<string> {
  return (await shown('-T', 'csv', ...args)).replace(/^(window_start,window_seconds|[^,\n]*Z,31),/gm, '')
}

describe('formats', () => {
  test('a process writes to stdout what is tested here in files', async () => {
    const { code, stdout, stderr } = await analyze([sample, '-w', '5'])
    expect([code, stderr, stdout]).toEqual([0, '', await analyzeHere([sample, '-w', '5'])])
  })

  test('text, the whole capture', async () => {
    expect(await shown()).toMatchInlineSnapshot(`
      "
      File          …/sample.pcap
      Format        pcap
      Link type     ETHERNET
      First frame   2025-11-03 10:00:05.000000000 UTC
      Last frame    2025-11-03 10:00:36.000000000 UTC
      Duration      31 s
      Frames        6
      Bytes         2.46 kB (2460 bytes)
      Average rate  0.63 Kbps

      Protocols  packets    bytes  share
        TCP            3  2.10 kB  85.4%
        UDP            2    300 B  12.2%
        ARP            1     60 B   2.4%

      Top pairs                                                             packets    bytes       rate
        90.130.70.73 (No-DNS) → 10.0.0.1 (Private Network) (TCP)                  2  2.00 kB  0.52 Kbps
        fe80::1 (Link-Local) → ff02::fb (Multicast) (UDP)                         1    200 B  0.05 Kbps
        10.0.0.1 (Private Network) → 224.0.0.251 (Multicast) (UDP)                1    100 B  0.03 Kbps
        10.0.0.1 (Private Network) → 90.130.70.73 (No-DNS) (TCP)                  1    100 B  0.03 Kbps
        02:00:00:00:00:01 (Ethernet) → ff:ff:ff:ff:ff:ff (Broadcast) (ARP)        1     60 B  0.02 Kbps
        Total                                                                     6  2.46 kB  0.63 Kbps

      Accounted for: 6 frames (2460 bytes) = 6 shown (2460)
      "
    `)
    expect(await shown('-q')).toMatchInlineSnapshot(`
      "
      Top pairs                                                             packets    bytes       rate
        90.130.70.73 (No-DNS) → 10.0.0.1 (Private Network) (TCP)                  2  2.00 kB  0.52 Kbps
        fe80::1 (Link-Local) → ff02::fb (Multicast) (UDP)                         1    200 B  0.05 Kbps
        10.0.0.1 (Private Network) → 224.0.0.251 (Multicast) (UDP)                1    100 B  0.03 Kbps
        10.0.0.1 (Private Network) → 90.130.70.73 (No-DNS) (TCP)                  1    100 B  0.03 Kbps
        02:00:00:00:00:01 (Ethernet) → ff:ff:ff:ff:ff:ff (Broadcast) (ARP)        1     60 B  0.02 Kbps
        Total                                                                     6  2.46 kB  0.63 Kbps
      "
    `)
  })

  test('text, a block for each window', async () => {
    expect(await shown('-w', '5')).toMatchInlineSnapshot(`
      "
      --- Traffic Breakdown (2025-11-03 10:00:05 to 10:00:10 UTC, 5 s) ---
      90.130.70.73 (No-DNS) → 10.0.0.1 (Private Network) (TCP): 1.60 Kbps
      10.0.0.1 (Private Network) → 224.0.0.251 (Multicast) (UDP): 0.16 Kbps
      10.0.0.1 (Private Network) → 90.130.70.73 (No-DNS) (TCP): 0.16 Kbps
      Total: 1.92 Kbps, 3 packets, 1200 bytes

      --- Traffic Breakdown (2025-11-03 10:00:10 to 10:00:15 UTC, 5 s) ---
      fe80::1 (Link-Local) → ff02::fb (Multicast) (UDP): 0.32 Kbps
      02:00:00:00:00:01 (Ethernet) → ff:ff:ff:ff:ff:ff (Broadcast) (ARP): 0.10 Kbps
      Total: 0.42 Kbps, 2 packets, 260 bytes

      --- 4 idle windows (10:00:15 to 10:00:35 UTC) ---

      --- Traffic Breakdown (2025-11-03 10:00:35 to 10:00:40 UTC, 5 s) ---
      90.130.70.73 (No-DNS) → 10.0.0.1 (Private Network) (TCP): 1.60 Kbps
      Total: 1.60 Kbps, 1 packet, 1000 bytes

      --- Capture: 6 frames, 2460 bytes in 31 s ---
      "
    `)
    const quiet = await shown('-w', '5', '-q')
    expect(quiet).not.toContain('Capture:')
    expect((await shown('-w', '5')).startsWith(quiet)).toBe(true)
  })

  test('csv and tsv, in base units, one row type', async () => {
    expect(await shown('-w', '5', '--format', 'csv')).toMatchInlineSnapshot(`
      "
      window_start,window_seconds,src,src_name,src_name_source,dst,dst_name,dst_name_source,protocol,packets,bytes,bits_per_second
      2025-11-03T10:00:05.000000000Z,5,90.130.70.73,No-DNS,,10.0.0.1,Private Network,,TCP,1,1000,1600
      2025-11-03T10:00:05.000000000Z,5,10.0.0.1,Private Network,,224.0.0.251,Multicast,,UDP,1,100,160
      2025-11-03T10:00:05.000000000Z,5,10.0.0.1,Private Network,,90.130.70.73,No-DNS,,TCP,1,100,160
      2025-11-03T10:00:10.000000000Z,5,fe80::1,Link-Local,,ff02::fb,Multicast,,UDP,1,200,320
      2025-11-03T10:00:10.000000000Z,5,02:00:00:00:00:01,Ethernet,,ff:ff:ff:ff:ff:ff,Broadcast,,ARP,1,60,96
      2025-11-03T10:00:35.000000000Z,5,90.130.70.73,No-DNS,,10.0.0.1,Private Network,,TCP,1,1000,1600
      "
    `)
    const csv = await shown('-w', '5', '-T', 'csv')
    expect(await shown('-w', '5', '-T', 'tsv')).toBe(csv.replaceAll(',', '\t'))
    expect(await shown('-w', '5', '-T', 'csv', '--no-header')).toBe(csv.replace(/^\n.*\n/, '\n'))
    expect(await shown('-w', '5', '-T', 'csv', '--units', 'Mbps', '-q')).toBe(csv)
  })

  test('json: one object, as the issue describes it', async () => {
    const { capture, rows: list, ...rest } = JSON.parse(await shown('-T', 'json', '-w', '5'))
    expect(rest).toEqual({
      schema_version: 1,
      window_seconds: 5,
      basis: 'frame',
      columns: [
        'src',
        'src_name',
        'src_name_source',
        'dst',
        'dst_name',
        'dst_name_source',
        'protocol',
        'protocol_number',
      ],
    })
    expect(list).toHaveLength(6)
    expect(list[4]).toEqual({
      window_start_ns: `${START_SECONDS + 5}000000000`,
      src: '02:00:00:00:00:01',
      src_name: 'Ethernet',
      src_name_source: null,
      dst: 'ff:ff:ff:ff:ff:ff',
      dst_name: 'Broadcast',
      dst_name_source: null,
      protocol: 'ARP',
      protocol_number: null,
      packets: 1,
      bytes: 60,
      bits_per_second: 96,
    })
    expect(capture).toMatchObject({
      files: ['…/sample.pcap'],
      format: 'pcap',
      linktypes: [{ number: 1, name: 'ETHERNET', packets: 6, bytes: 2460 }],
      frames: 6,
      bytes: 2460,
      captured_bytes: 2460,
      first_ns: `${START_SECONDS}000000000`,
      last_ns: `${START_SECONDS + 31}000000000`,
    })
    const whole = JSON.parse(await shown('-T', 'json'))
    expect(whole.window_seconds).toBeNull()
    expect(whole.rows[0]).not.toHaveProperty('window_start_ns')
  })

  test('jsonl: the rows of json, one a line, and the capture', async () => {
    const lines = (await shown('-T', 'jsonl', '-w', '5'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const json = JSON.parse(await shown('-T', 'json', '-w', '5'))
    expect(
      lines.filter(({ type }) => type === 'row').map(({ type, schema_version, window_seconds, ...row }) => row),
    ).toEqual(json.rows)
    const { type, schema_version, ...capture } = lines.at(-1)
    expect([type, capture]).toEqual(['capture', json.capture])
  })

  test('md', async () => {
    expect(await shown('-T', 'md', '--top', '1')).toMatchInlineSnapshot(`
      "
      ## Capture

      - File: …/sample.pcap
      - Format: pcap
      - Link type: ETHERNET
      - First frame: 2025-11-03 10:00:05.000000000 UTC
      - Last frame: 2025-11-03 10:00:36.000000000 UTC
      - Duration: 31 s
      - Frames: 6
      - Bytes: 2.46 kB (2460 bytes)
      - Average rate: 0.63 Kbps
      - Accounted for: 6 frames (2460 bytes) = 6 shown (2460)

      ## Top pairs

      | Source | Source name | Destination | Destination name | Protocol | Packets | Bytes | Rate |
      | --- | --- | --- | --- | --- | ---: | ---: | ---: |
      | 90.130.70.73 | No-DNS | 10.0.0.1 | Private Network | TCP | 2 | 2000 | 0.52 Kbps |
      | … 4 other pairs |  |  |  |  | 4 | 460 | 0.12 Kbps |
      | **Total** |  |  |  |  | 6 | 2460 | 0.63 Kbps |
      "
    `)
  })
})

test('a window of 0, or all, is the whole capture; -r is FILE', async () => {
  const whole = await shown()
  expect(await shown('-w', '0')).toBe(whole)
  expect(await shown('-w', 'all')).toBe(whole)
  const { stdout } = await analyze(['-r', sample])
  expect(`\n${stdout.replaceAll(folder, '…')}`).toBe(whole)
})

describe('--by', () => {
  test.each([
    ['pair', 'src,src_name,src_name_source,dst,dst_name,dst_name_source,protocol', 5],
    ['src', 'src,src_name,src_name_source', 4],
    ['dst', 'dst,dst_name,dst_name_source', 5],
    ['mac', 'src_mac,dst_mac', 2],
    ['interface', 'interface', 1],
    ['src/24', 'src_subnet', 4],
    ['dst/8/16', 'dst_subnet', 5],
    ['host/16', 'subnet', 6],
  ])('%s has the columns %s and %i rows', async (by, columns, count) => {
    const [header, ...lines] = (await rows('--by', by)).trim().split('\n')
    expect(header!.split(',packets,')[0]).toBe(columns)
    expect(lines).toHaveLength(count)
  })

  test('flow: each direction, with ports and VLAN', async () => {
    expect(await rows('--by', 'flow')).toMatchInlineSnapshot(`
      "
      src,src_name,src_name_source,src_port,dst,dst_name,dst_name_source,dst_port,protocol,vlan,packets,bytes,bits_per_second
      90.130.70.73,No-DNS,,443,10.0.0.1,Private Network,,40000,TCP,,2,2000,516.129
      fe80::1,Link-Local,,49152,ff02::fb,Multicast,,53,UDP,10,1,200,51.613
      10.0.0.1,Private Network,,5353,224.0.0.251,Multicast,,5353,UDP,,1,100,25.806
      10.0.0.1,Private Network,,40000,90.130.70.73,No-DNS,,443,TCP,,1,100,25.806
      02:00:00:00:00:01,Ethernet,,,ff:ff:ff:ff:ff:ff,Broadcast,,,ARP,,1,60,15.484
      "
    `)
  })

  test('conversation: both directions, from the lower address', async () => {
    expect(await rows('--by', 'conversation')).toMatchInlineSnapshot(`
      "
      src,src_name,src_name_source,src_port,dst,dst_name,dst_name_source,dst_port,protocol,packets,bytes,bits_per_second,sent_packets,sent_bytes,received_packets,received_bytes
      10.0.0.1,Private Network,,40000,90.130.70.73,No-DNS,,443,TCP,3,2100,541.935,1,100,2,2000
      fe80::1,Link-Local,,49152,ff02::fb,Multicast,,53,UDP,1,200,51.613,1,200,0,0
      10.0.0.1,Private Network,,5353,224.0.0.251,Multicast,,5353,UDP,1,100,25.806,1,100,0,0
      02:00:00:00:00:01,Ethernet,,,ff:ff:ff:ff:ff:ff,Broadcast,,,ARP,1,60,15.484,1,60,0,0
      "
    `)
  })

  test('host: each frame counts for both of its ends', async () => {
    expect(await rows('--by', 'host')).toMatchInlineSnapshot(`
      "
      host,host_name,host_name_source,packets,bytes,bits_per_second,sent_packets,sent_bytes,received_packets,received_bytes
      10.0.0.1,Private Network,,4,2200,567.742,2,200,2,2000
      90.130.70.73,No-DNS,,3,2100,541.935,2,2000,1,100
      fe80::1,Link-Local,,1,200,51.613,1,200,0,0
      ff02::fb,Multicast,,1,200,51.613,0,0,1,200
      224.0.0.251,Multicast,,1,100,25.806,0,0,1,100
      02:00:00:00:00:01,Ethernet,,1,60,15.484,1,60,0,0
      ff:ff:ff:ff:ff:ff,Broadcast,,1,60,15.484,0,0,1,60
      "
    `)
  })

  test('service, which is also called port: the well-known end', async () => {
    expect(await rows('--by', 'service')).toMatchInlineSnapshot(`
      "
      protocol,port,packets,bytes,bits_per_second,service
      TCP,443,3,2100,541.935,https
      UDP,53,1,200,51.613,domain
      UDP,5353,1,100,25.806,mdns
      ARP,,1,60,15.484,
      "
    `)
    expect(await rows('--by', 'port')).toBe(await rows('--by', 'service'))
  })

  test('several with commas', async () => {
    expect(await rows('--by', 'protocol,vlan')).toMatchInlineSnapshot(`
      "
      protocol,vlan,packets,bytes,bits_per_second
      TCP,,3,2100,541.935
      UDP,10,1,200,51.613
      UDP,,1,100,25.806
      ARP,,1,60,15.484
      "
    `)
    expect(await rows('--by', 'src/24,dst')).toMatchInlineSnapshot(`
      "
      src_subnet,dst,dst_name,dst_name_source,packets,bytes,bits_per_second
      90.130.70.0/24,10.0.0.1,Private Network,,2,2000,516.129
      fe80::/64,ff02::fb,Multicast,,1,200,51.613
      10.0.0.0/24,224.0.0.251,Multicast,,1,100,25.806
      10.0.0.0/24,90.130.70.73,No-DNS,,1,100,25.806
      ,ff:ff:ff:ff:ff:ff,Broadcast,,1,60,15.484
      "
    `)
  })

  test('interface names of pcapng', async () => {
    const blocks = pcapng()
    const data = sampleRecords[0]!.data
    const file = writeFile(
      folder,
      'names.pcapng',
      Buffer.concat([
        blocks.section(),
        blocks.interface({ name: 'eth0' }),
        blocks.interface(),
        blocks.packet({ interface: 0, data }),
        blocks.packet({ interface: 1, data }),
        blocks.packet({ interface: 1, data }),
      ]),
    )
    const csv = await analyzeHere([file, '--by', 'interface', '-T', 'csv'])
    expect(csv.replace(/^[^,]*,[^,]*,/gm, '')).toMatchInlineSnapshot(`
      "interface,packets,bytes,bits_per_second
      1,2,200,
      eth0,1,100,
      "
    `)
  })
})

describe('what counts', () => {
  test('--bytes', async () => {
    expect(await rows('--bytes', 'frame', '--by', 'protocol')).toBe(await rows('--by', 'protocol'))
    expect(await rows('--bytes', 'ip', '--by', 'protocol')).toMatchInlineSnapshot(`
      "
      protocol,packets,bytes,bits_per_second
      TCP,3,2058,531.097
      UDP,2,268,69.161
      ARP,1,0,0
      "
    `)
    expect(await rows('--bytes', 'payload', '--by', 'protocol')).toMatchInlineSnapshot(`
      "
      protocol,packets,bytes,bits_per_second
      TCP,3,1938,500.129
      UDP,2,192,49.548
      ARP,1,0,0
      "
    `)
  })

  test('--since and --until: [since, until), and what is left out is counted', async () => {
    const report = JSON.parse(
      await shown('-T', 'json', '--since', '2025-11-03T10:00:05.5Z', '--until', String(START_SECONDS + 7)),
    )
    expect(report.capture.accounting).toMatchObject({
      shown: { packets: 3, bytes: 1300 },
      filtered: { packets: 3, bytes: 1160 },
    })
    expect(report.capture).toMatchObject({ frames: 6, bytes: 2460 })
    expect(await rows('--by', 'protocol', '--since', '2030-01-01')).toBe('\nprotocol,packets,bytes,bits_per_second\n')
  })

  test('-c: the first frames, and those only', async () => {
    for (const [limit, bytes] of [
      [1, 100],
      [2, 1100],
      [5, 1460],
      [6, 2460],
      [7, 2460],
    ] as const) {
      const { capture } = JSON.parse(await shown('-T', 'json', '-c', String(limit)))
      expect([capture.frames, capture.bytes]).toEqual([Math.min(limit, 6), bytes])
    }
    // Two before 10:00:06, two within; what comes after the second of those is not looked at.
    const { capture } = JSON.parse(await shown('-T', 'json', '-c', '2', '--since', '2025-11-03T10:00:06Z'))
    expect(capture.accounting).toMatchObject({ shown: { packets: 2 }, filtered: { packets: 2 } })
    expect(capture.frames).toBe(4)
  })
})

describe('windows', () => {
  test('--window takes units', async () => {
    const five = await shown('-w', '5', '-T', 'csv')
    for (const text of ['5s', '5000ms', '5.0', '5000000000ns'])
      expect(await shown('--window', text, '-T', 'csv')).toBe(five)
    expect((await shown('-w', '1m', '-T', 'jsonl')).match(/"window_seconds":60/g)).toHaveLength(5)
  })

  test('--align clock: at round times', async () => {
    const starts = async (...args: string[]) =>
      [...(await shown('-w', '10', ...args)).matchAll(/\((?:\S+ )?(\d\d:\d\d:\d\d) to/g)].map(([, start]) => start)
    expect(await starts()).toEqual(['10:00:05', '10:00:15', '10:00:35'])
    expect(await starts('--align', 'start')).toEqual(await starts())
    expect(await starts('--align', 'clock')).toEqual(['10:00:00', '10:00:10', '10:00:20', '10:00:30'])
  })

  test('--step: windows overlap, each frame is in window/step of them', async () => {
    const list = JSON.parse(await shown('-w', '10', '--step', '5', '-T', 'json', '--by', 'protocol')).rows
    const bytes = (seconds: number) =>
      list
        .filter((row: { window_start_ns: string }) => row.window_start_ns === `${START_SECONDS + seconds}000000000`)
        .map((row: { protocol: string; bytes: number }) => `${row.protocol} ${row.bytes}`)
    expect(bytes(0)).toEqual(['TCP 1100', 'UDP 300', 'ARP 60'])
    expect(bytes(5)).toEqual(['UDP 200', 'ARP 60'])
    expect(bytes(10)).toEqual([])
    expect(bytes(25)).toEqual(['TCP 1000'])
    expect(bytes(30)).toEqual(['TCP 1000'])
  })

  test('--idle: windows without traffic, one by one', async () => {
    const blocks = await shown('-w', '5', '--idle', '-q')
    expect(blocks.match(/^--- Traffic Breakdown/gm)).toHaveLength(7)
    expect(blocks.match(/^no traffic$/gm)).toHaveLength(4)
    expect(blocks).not.toContain('idle')
  })
})

describe('rows', () => {
  test('--top: the rest is one row; text has ten, machine formats all', async () => {
    expect(await rows('--top', '2')).toMatchInlineSnapshot(`
      "
      src,src_name,src_name_source,dst,dst_name,dst_name_source,protocol,packets,bytes,bits_per_second
      90.130.70.73,No-DNS,,10.0.0.1,Private Network,,TCP,2,2000,516.129
      fe80::1,Link-Local,,ff02::fb,Multicast,,UDP,1,200,51.613
      (other),,,,,,,3,260,67.097
      "
    `)
    expect(await rows('--top', '5')).toBe(await rows())
    expect(await rows('--top', 'all')).toBe(await rows())
    expect(await shown('--top', '2', '-q')).toMatchInlineSnapshot(`
      "
      Top pairs                                                   packets    bytes       rate
        90.130.70.73 (No-DNS) → 10.0.0.1 (Private Network) (TCP)        2  2.00 kB  0.52 Kbps
        fe80::1 (Link-Local) → ff02::fb (Multicast) (UDP)               1    200 B  0.05 Kbps
        … 3 other pairs                                                 3    260 B  0.07 Kbps
        Total                                                           6  2.46 kB  0.63 Kbps
      "
    `)

    const records = Array.from({ length: 12 }, (_, i) => {
      const data = Buffer.from(sampleRecords[0]!.data)
      data[29] = i
      return { seconds: i, data }
    })
    const twelve = writeFile(folder, 'twelve.pcap', pcap(records))
    expect(await analyzeHere([twelve])).toContain('… 2 other pairs ')
    expect((await analyzeHere([twelve, '-T', 'csv'])).trim().split('\n')).toHaveLength(13)
  })

  test('--sort: numbers from the largest, text from the first', async () => {
    const order = async (...args: string[]) =>
      (await rows('--by', 'service', ...args))
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',', 2).join(' '))
    expect(await order('--sort', 'bytes')).toEqual(['TCP 443', 'UDP 53', 'UDP 5353', 'ARP '])
    expect(await order()).toEqual(await order('--sort', 'bytes'))
    // Three frames of TCP, one of each other: bytes decide among those.
    expect(await order('--sort', 'packets')).toEqual(['TCP 443', 'UDP 53', 'UDP 5353', 'ARP '])
    expect(await order('--sort', 'protocol')).toEqual(['ARP ', 'TCP 443', 'UDP 53', 'UDP 5353'])
    expect(await order('--sort', 'port')).toEqual(['UDP 5353', 'TCP 443', 'UDP 53', 'ARP '])
  })

  test('--units', async () => {
    const rate = async (units: string) => /Average rate +(.*)/.exec(await shown('--units', units))![1]
    // 2460 bytes in 31 s: 634.84 bit/s, 79.35 byte/s.
    expect(await rate('Kbps')).toBe('0.63 Kbps')
    expect(await rate('bps')).toBe('634.84 bps')
    expect(await rate('kbit/s')).toBe('0.63 kbit/s')
    expect(await rate('auto')).toBe('634.84 bit/s')
    expect(await rate('bytes')).toBe('79.35 B/s')
    expect(await rate('KiB/s')).toBe('0.08 KiB/s')
  })
})

describe('help', () => {
  test('of the program and of the command, on stdout', async () => {
    const [program, command, topic, version] = await Promise.all([
      netkit(['--help']),
      netkit(['analyze', '--help']),
      netkit(['help', 'analyze']),
      netkit(['--version']),
    ])
    for (const { code, stderr } of [program, command, topic, version]) expect([code, stderr]).toEqual([0, ''])
    expect(program.stdout).toContain('analyze')
    expect(command.stdout).toBe(topic.stdout)
    for (const flag of [
      '--window',
      '--step',
      '--by',
      '--since',
      '--inner',
      '--format',
      '-o, --output',
      '-q, --quiet',
      'Exit codes',
    ]) {
      expect(command.stdout).toContain(flag)
    }
    expect(version.stdout).toMatch(/^netkit\/\d+\.\d+\.\d+ /)
  })

  test('its examples are true: each is a command line that works', async () => {
    const lines = Analyze.examples.map(
      ({ command }) => /<%= command.id %> \S+(.*)$/.exec(command.split(' | jq')[0]!)![1]!,
    )
    expect(lines).toHaveLength(7)
    for (const line of lines) {
      const words = line.match(/'[^']*'|\S+/g) ?? []
      const args = words.map((word) => word.replaceAll("'", '')).filter((arg) => arg !== '-o' && arg !== 'rates.csv')
      expect(await analyzeHere([sample, ...args])).not.toBe('')
    }
  })
})
