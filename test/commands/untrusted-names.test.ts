/** Names that a capture holds are chosen by strangers. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LOG_FORMATS } from '../../src/loggers/create-logger.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { ACTIVE, ATTACKS } from '../support/attack-text.ts'
import { pcap } from '../support/build-capture.ts'
import { netkit } from '../support/netkit-process.ts'
import { udpFrame } from '../support/udp-frame.ts'

/** What reads like another name and who told it, and what a spreadsheet takes for a formula. */
const MIMICS = ['good.example [hosts] x', 'No-DNS', '"quoted" (10.0.0.1)', '=1+1', '@sum', '-2+3']
const NAMES = [...Object.values(ATTACKS), ...MIMICS]

/** One label with these bytes, as far as a label goes. */
function answer(name: string, last: number): Buffer {
  const label = Buffer.from(name).subarray(0, 63)
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, last]
  const question = [label.length, ...label, 0, 0, 1, 0, 1]
  return Buffer.from([0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, ...question, ...record])
}

const file = join(temporaryFolder(), 'names.pcap')
const records = NAMES.flatMap((name, i) => [
  { seconds: 1, data: udpFrame({ sourcePort: 53, destinationPort: 40_000, payload: answer(name, i + 1) }) },
  { seconds: 1, data: udpFrame({ src: `198.51.100.${i + 1}` }) },
])
writeFileSync(file, pcap(records))

const analyze = async (...flags: string[]) => {
  const { code, stdout, stderr } = await netkit([
    'analyze',
    file,
    '--no-hosts',
    '--by',
    'src',
    '--top',
    'all',
    ...flags,
  ])
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

test.each(LOG_FORMATS.filter((format) => format !== 'zeek'))('%s', async (format) => {
  for (const window of ['0', '1']) {
    const stdout = await analyze('-w', window, '--format', format)
    expect(stdout).not.toMatch(ACTIVE)
    // The names are there.
    expect(stdout.toLowerCase()).toContain('alert(1)')
  }
})

test('text: a name cannot be read as another one, or as a label', async () => {
  const stdout = await analyze()
  expect(stdout).toContain('("good\\.example\\032[hosts]\\032x" [dns])')
  expect(stdout).toContain('(no-dns [dns])')
  expect(stdout).toContain('("\\"quoted\\"\\032(10\\.0\\.0\\.1)" [dns])')
})

test('csv for a spreadsheet: none is a formula', async () => {
  const stdout = await analyze('--format', 'csv', '--excel-safe')
  for (const name of ['=1+1', '@sum', '-2+3']) expect(stdout).toContain(`,'${name},dns,`)
})

test('json: every one is listed', async () => {
  const { capture } = JSON.parse(await analyze('--format', 'json'))
  expect(capture.names.length).toBe(NAMES.length)
  expect(capture.names_not_listed).toBe(0)
})
