import { expect, test } from 'vitest'
import type { CheckReport, Finding, FindingKind } from '../../src/check/finding.ts'
import { checkJson } from '../../src/loggers/check-json.ts'
import { checkText } from '../../src/loggers/check-text.ts'
import { wordsOf } from '../../src/loggers/check-words.ts'
import { checkCaptures, timed } from '../check/check-captures.ts'
import { udpFrame } from '../support/udp-frame.ts'

const finding = (kind: FindingKind, more: Partial<Finding> = {}): Finding => ({
  kind,
  severity: 'warning',
  count: 3,
  of: 12,
  unit: 'frame',
  first: { frame: 2, timeNs: 1_700_000_000_000_000_001n },
  details: {},
  ...more,
})

/** Each kind there is, and what its words hold. */
const KINDS: Record<FindingKind, [Partial<Finding>, RegExp]> = {
  unreadable: [
    { details: { file: 'x', kind: 'cut', message: 'cut \x1b[2J' } },
    /^x: cut \\x1b\[2J\|Nothing of this file/,
  ],
  'no-frames': [{}, /zero/],
  drops: [{}, /^3 of 12 frames \(25\.0%\) were dropped.*3 frames are missing/],
  'drops-unknown': [{}, /does not say/],
  'lost-segments': [{ unit: 'TCP segment', details: { bytes: 2000 } }, /^3 of 12 TCP segments .* 2\.00 kB/],
  'one-way': [{ unit: 'TCP conversation' }, /^3 of 12 TCP conversations/],
  'no-handshake': [{ unit: 'TCP conversation' }, /without SYN/],
  'conversation-limit': [{ details: { conversations: 9 } }, /the first 9/],
  duplicates: [{ details: { bytes: 0 } }, /counted 1\.33 times/],
  oversized: [{ details: { largest: 9000, packets_missing: 5 } }, /longest 9000 bytes.*by 5 at least/],
  snaplen: [{ details: { bytes: 10 } }, /10 B of them.*None on packets/],
  'headers-cut': [{}, /inside their headers/],
  lengths: [{}, /more bytes in the file/],
  malformed: [{}, /contradict/],
  'unknown-link': [{}, /link type/],
  undecoded: [{}, /to the end/],
  untimed: [{}, /no window/],
  'time-backwards': [{ details: { largest_ns: 1_500_000_000 } }, /by up to 1\.5 s\|The clock was set back/],
  'time-gap': [{ details: { largest_ns: 3.1557e18, gaps: 2 } }, /^a silence of 36524 d .* the longest of 2/],
}

async function sound(): Promise<CheckReport> {
  return (await checkCaptures([timed([udpFrame()])])).report!
}

test.each(Object.entries(KINDS) as [FindingKind, (typeof KINDS)[FindingKind]][])(
  '%s',
  async (kind, [more, expected]) => {
    const { what, effect } = wordsOf(finding(kind, more), await sound())
    expect(`${what}|${effect}`).toMatch(expected)
    expect(effect).toMatch(/\.$/)
    expect(what).not.toMatch(/\.$/)
  },
)

test('the verdict is that of the worst', async () => {
  const report = await sound()
  const text = (...findings: Finding[]) =>
    checkText({ ...report, findings }, { style: { bold: (one) => one, dim: (one) => one }, quiet: true })
  expect(text()).toBe('Nothing found: the numbers hold.\n')
  expect(text(finding('snaplen', { severity: 'info' }))).toMatch(/\nThe numbers hold; 1 note\.\n$/)
  expect(text(finding('drops'), finding('untimed'))).toMatch(
    /^WARNING .*\nNumbers are off, or may be: 2 warnings\.\n$/s,
  )
  const error = finding('unreadable', { severity: 'error', details: { file: 'x', kind: 'cut', message: 'm' } })
  expect(text(error)).toMatch(/^ERROR .*after frame 2, 2023-11-14 22:13:20\.000000001 UTC\n/s)
})

test('JSON: numbers beyond 2^53 and times as digits', async () => {
  const report = await sound()
  const object = JSON.parse(
    checkJson({ ...report, findings: [finding('drops', { count: 2 ** 60, of: 2 ** 60 + 2 ** 20 })] }),
  )
  expect(object.findings[0]).toMatchObject({
    count: '1152921504606846976',
    of: '1152921504607895552',
    first: { frame: 2, time_ns: '1700000000000000001' },
  })
})
