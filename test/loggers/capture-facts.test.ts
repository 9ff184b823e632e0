import { expect, test } from 'vitest'
import { accountingLine, bytesNoun, captureFacts, damageLines, hasGaps } from '../../src/loggers/capture-facts.ts'
import { analysis, capture, counts } from './records.ts'

function fact(label: string, changes: Parameters<typeof capture>[0]) {
  return captureFacts(capture(changes), 'Kbps').find((fact) => fact.label === label)?.lines
}

test('of a folder of files the first eight are named', () => {
  const files = Array.from({ length: 11 }, (_, i) => `${i}.pcap`)
  expect(fact('Files', { files })).toEqual([...files.slice(0, 8), 'and 3 more'])
})

test('several link types come with their frames', () => {
  const linktypes = [
    { number: 1, name: 'ETHERNET', ...counts(12, 1200) },
    { number: 113, name: 'LINUX_SLL', ...counts(1, 60) },
  ]
  expect(fact('Link type', { linktypes })).toEqual(['ETHERNET, 12 frames', 'LINUX_SLL, 1 frame'])
})

test('interfaces that the capture says nothing about are no fact, drops of those not named are', () => {
  const quiet = { name: null, linktype: 1, snaplen: 65_535, received: null, dropped: null }
  expect(fact('Interface', { interfaces: [quiet] })).toBeUndefined()
  const lo = { ...quiet, name: 'lo' }
  expect(fact('Interfaces', { interfaces: [lo, { ...quiet, dropped: 5 }] })).toEqual(['lo', 'unnamed, 5 dropped'])
  const many = Array.from({ length: 10 }, (_, i) => ({ ...quiet, name: `eth${i}`, dropped: i }))
  expect(fact('Interfaces', { interfaces: many })?.at(-1)).toBe('and 2 more, 17 dropped')
})

test('captured bytes are a fact only where frames were cut', () => {
  const kept = counts(9, 600)
  expect(fact('Captured', { frames: 9, bytes: 600, kept, capturedBytes: 600 })).toBeUndefined()
  expect(fact('Captured', { frames: 9, bytes: 600, kept, capturedBytes: 1 })).toEqual(['1 byte'])
})

test('with a time range, the rate and the captured bytes are those of the frames within it', () => {
  const changes = { frames: 12, bytes: 9000, kept: counts(4, 500), capturedBytes: 500 }
  expect(fact('Frames', changes)).toEqual(['4 of 12'])
  expect(fact('Bytes', changes)).toEqual(['500 bytes of 9.00 kB (9000 bytes)'])
  expect(fact('Captured', changes)).toBeUndefined()
  // 500 × 8 bits in 5 s
  expect(fact('Average rate', changes)).toEqual(['0.80 Kbps'])
})

test('text from the file cannot send escape sequences', () => {
  const interfaces = [{ name: '\x1b[0m', linktype: 1, snaplen: 0, received: null, dropped: null }]
  const facts = captureFacts(capture({ files: ['a\nb'], format: 'pcap', interfaces }), 'Kbps')
  expect(facts.flatMap((fact) => fact.lines).join('')).not.toMatch(/\p{Cc}/u)
})

test('the accounting names every account that has frames', () => {
  const accounting = {
    ...capture().accounting,
    whole: counts(1643, 2130),
    shown: counts(1000, 2000),
    filtered: counts(300, 70),
    undecoded: counts(200, 30),
    evicted: counts(3, 9),
    late: counts(100, 20),
    untimed: counts(40, 1),
    unreadableBytes: 512,
    dropped: 7,
    snaplenCut: 1,
  }
  expect(accountingLine(capture({ accounting }))).toBe(
    'Accounted for: 1643 frames (2130 bytes) = 1000 shown (2000) + 300 filtered (70) + 200 undecoded (30) + 3 evicted (9) + ' +
      '100 late (20) + 40 untimed (1); 512 bytes not readable; 1 frame cut by the snaplen; 7 dropped before capture',
  )
})

test('an accounting that does not add up says so', () => {
  const { accounting } = capture()
  const parts = '1635 shown (2506426) + 5 filtered (574)'
  expect(accountingLine(capture({ accounting: { ...accounting, whole: counts(1641, 2_507_000) } }))).toBe(
    `Accounted for: 1640 of 1641 frames (2507000 bytes) = ${parts}`,
  )
  expect(accountingLine(capture({ accounting: { ...accounting, whole: counts(1640, 1), basis: 'ip' } }))).toBe(
    `Accounted for: 1640 frames (2507000 of 1 IP byte) = ${parts}`,
  )
})

test('gaps are frames that are not shown, or bytes that were not read', () => {
  const { accounting } = capture()
  const whole = { ...accounting, shown: counts(1640, 1), filtered: counts(0, 0) }
  expect(hasGaps(capture())).toBe(true)
  expect(hasGaps(capture({ accounting: whole }))).toBe(false)
  expect(hasGaps(capture({ accounting: { ...whole, unreadableBytes: 1 } }))).toBe(true)
})

test('damage is one line a file', () => {
  expect(damageLines(capture())).toEqual(['Cut: office.pcapng: the file ends within a packet block at byte 123456'])
})

test('bytes are named by their basis', () => {
  expect((['frame', 'ip', 'payload'] as const).map((basis) => bytesNoun(analysis({ basis })))).toEqual([
    'byte',
    'IP byte',
    'payload byte',
  ])
})
