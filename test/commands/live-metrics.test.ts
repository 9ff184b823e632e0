/** `netkit live --metrics`, scraped over HTTP while it runs: beside rows and beside a page, whose counts are the same. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Anonymizer } from '../../src/anonymize/anonymizer.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { REFERENCE_KEY } from '../anonymize/reference-vectors.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { pcapHeader, pcapRecord } from '../support/build-capture.ts'
import { ethernet, ipv4, udp } from '../support/build-frame.ts'
import { addressBytes } from '../support/frames.ts'
import { netkit, resultOf, startNetkit } from '../support/netkit-process.ts'

const folder = temporaryFolder()
const BEGIN = 1_700_000_000
const frame = (source: string, payload: number) =>
  ethernet(0x0800, ipv4({ protocol: 17, source }, udp({}, new Uint8Array(payload))))

/** Ten seconds: one large sender, and forty small ones that come by turns. */
const records = Array.from({ length: 10 }, (_, second) => [
  { seconds: BEGIN + second, data: frame('10.0.0.1', 1000) },
  ...Array.from({ length: 4 }, (_, i) => ({ seconds: BEGIN + second, data: frame(`10.1.${second}.${i}`, 10) })),
]).flat()
const LARGE = 10 * (14 + 28 + 1000)
const SMALL = 40 * (14 + 28 + 10)

/** Feeds it a capture whose last frame is long after the others, so that all windows before it are over. */
async function running(args: readonly string[], see: (url: string) => Promise<void>) {
  const child = startNetkit(['live', '-', '--by', 'src', '--metrics', ':0', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const result = resultOf(child)
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr!.on('data', (text: string) => {
      said += text
      const match = /metrics are at (\S+)\n/.exec(said)
      if (match !== null) resolve(match[1]!)
    })
    child.once('close', () => reject(new Error(said)))
  })
  try {
    child.stdin!.write(pcapHeader({}))
    for (const record of records) child.stdin!.write(pcapRecord(record))
    child.stdin!.write(pcapRecord({ seconds: BEGIN + 20, data: frame('10.0.0.1', 1) }))
    await see(url)
  } finally {
    child.stdin!.end()
  }
  return result
}

/** Waits until all windows but the last are counted. */
async function scrape(url: string): Promise<string> {
  for (let i = 0; ; i++) {
    const text = await (await fetch(url)).text()
    const seen = Number(/^netkit_capture_packets_total (\d+)$/m.exec(text)?.[1])
    if (seen >= records.length || i === 200) return text
    await sleep(50)
  }
}

function series(text: string, name: string): Record<string, number> {
  const lines = [...text.matchAll(new RegExp(`^${name}\\{src="([^"]+)"\\} (\\d+)$`, 'gm'))]
  return Object.fromEntries(lines.map(([, src, value]) => [src, Number(value)]))
}

describe.each([
  ['rows', ['-T', 'jsonl']],
  ['blocks of two rows', ['--plain', '--top', '2']],
  ['a page', ['--web', '--no-open']],
])('beside %s', (_, args) => {
  test('few series, and nothing is lost', async () => {
    const { code, stdout } = await running([...args, '--metrics-series', '3'], async (url) => {
      const text = await scrape(url)
      const bytes = series(text, 'netkit_bytes_total')
      expect(bytes['10.0.0.1']).toBe(LARGE)
      expect(Object.keys(bytes).length).toBeLessThanOrEqual(4)
      expect(Object.values(bytes).reduce((sum, value) => sum + value)).toBe(LARGE + SMALL)
      const packets = series(text, 'netkit_packets_total')
      expect(Object.values(packets).reduce((sum, value) => sum + value)).toBe(records.length)
      expect(text).toContain(`\nnetkit_capture_bytes_total ${LARGE + SMALL}\n`)
      expect(text).toContain('\nnetkit_series 3\n')
    })
    // It ends although it serves metrics, and shows what it shows without them.
    expect(code).toBe(0)
    expect(stdout.length).toBeGreaterThan(20)
  })
})

test('the rows are those that there are without metrics', async () => {
  const args = ['--plain', '--top', '2', '-q']
  const path = join(folder, 'same.pcap')
  const last = { seconds: BEGIN + 20, data: frame('10.0.0.1', 1) }
  writeFileSync(path, Buffer.concat([pcapHeader({}), ...[...records, last].map((record) => pcapRecord(record))]))
  const plain = await netkit(['live', '--cmd', `cat '${path}'`, '--by', 'src', ...args])
  const { stdout } = await running(args, async (url) => {
    await scrape(url)
  })
  expect(plain.stdout).toContain('other')
  expect(stdout).toBe(plain.stdout)
})

test('hidden addresses are hidden here too', async () => {
  const key = join(folder, 'key')
  writeFileSync(key, REFERENCE_KEY, { mode: 0o600 })
  const alias = formatAddress(new Anonymizer(REFERENCE_KEY).address(addressBytes('10.0.0.1')))
  await running(['-T', 'jsonl', '--anonymize', key], async (url) => {
    const text = await scrape(url)
    expect(series(text, 'netkit_bytes_total')[alias]).toBe(LARGE)
    expect(text).not.toContain('10.0.0.1')
  })
})

describe('what cannot be', () => {
  test('a port in use', async () => {
    await running(['-T', 'jsonl'], async (url) => {
      const { port } = new URL(url)
      const { code, stdout, stderr } = await netkit(['live', '-', '--metrics', `:${port}`])
      expect([code, stdout, stderr]).toEqual([
        ...[1, '', `netkit: --metrics: cannot listen on 127.0.0.1:${port}: the port is in use\n`],
      ])
    })
  })

  test.each([
    [['-', '--metrics', '9464'], "'9464' is neither :PORT nor HOST:PORT"],
    [['-', '--metrics', ':99999'], "':99999' is neither :PORT nor HOST:PORT"],
    [['-', '--metrics', ':0', '--detailed', '-T', 'csv'], '--metrics: not with --detailed, but on the full screen'],
    [['-', '--metrics', ':0', '--metrics-series', '0'], '--metrics-series:'],
    [['-', '--metrics-series', '5'], '--metrics'],
  ])('%s', async (args, sentence) => {
    const { code, stderr } = await netkit(['live', ...args])
    expect([code, stderr.includes(sentence)]).toEqual([2, true])
  })
})
