import { expect, test } from 'vitest'
import { Anonymizer } from '../../src/anonymize/anonymizer.ts'
import type { CheckReport } from '../../src/check/finding.ts'
import type { AnalysisRecord, SpanRecord } from '../../src/engine/records.ts'
import {
  anonymizeCapture,
  anonymizeCheck,
  anonymizeDiff,
  anonymizeRecords,
} from '../../src/pipeline/anonymize-records.ts'
import { REFERENCE_KEY } from '../anonymize/reference-vectors.ts'
import { capture, counts } from '../loggers/records.ts'

const anonymizer = new Anonymizer(REFERENCE_KEY)
const damage = {
  file: '/home/ada/b.pcap',
  kind: 'cut' as const,
  message: '/home/ada/b.pcap ends within a frame, and /home/ada/b.pcap.gz is another',
}
const known = capture({
  files: ['/home/ada/a.pcap', '/home/ada/b.pcap'],
  damage: [damage, { ...damage, file: '/home/ada/b.pcap.gz', kind: 'foreign' }],
  salvage: [{ file: '/home/ada/a.pcap', offset: 1, bytes: 2, framesBefore: 3, framesAfter: 4, message: 'no record' }],
  interfaces: [
    { name: 'wlan-ada', linktype: 1, snaplen: 0, received: 5, dropped: 0 },
    { name: null, linktype: 1, snaplen: 0, received: null, dropped: null },
  ],
  names: {
    listed: [
      { address: '10.185.25.118', name: 'ada.example.org', source: 'dhcp', firstSeenNs: 5n },
      { address: '128.11.68.132', name: 'b.example.org', source: 'dns', firstSeenNs: null },
    ],
    more: 3,
  },
})

test('files are numbered, also where a sentence names one; interfaces and names are others', () => {
  const hidden = anonymizeCapture(known, anonymizer)
  expect(hidden.files).toEqual(['file 1', 'file 2'])
  expect(hidden.damage).toEqual([
    { file: 'file 2', kind: 'cut', message: 'file 2 ends within a frame, and file 3 is another' },
    { file: 'file 3', kind: 'foreign', message: 'file 2 ends within a frame, and file 3 is another' },
  ])
  expect(hidden.salvage![0]!.file).toBe('file 1')
  expect(hidden.interfaces.map(({ name }) => name)).toEqual([anonymizer.interfaceName('wlan-ada'), null])
  expect(hidden.names).toEqual({
    listed: [
      { address: '117.161.29.118', name: anonymizer.name('ada.example.org'), source: 'dhcp', firstSeenNs: 5n },
      { address: '135.242.180.132', name: anonymizer.name('b.example.org'), source: 'dns', firstSeenNs: null },
    ],
    more: 3,
  })
  expect(JSON.stringify(hidden, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).not.toMatch(
    /ada[.@/-]|home|wlan/,
  )
  expect(hidden.accounting).toBe(known.accounting)
})

test('of records only the facts of the capture are others: rows are hidden where they are made', async () => {
  const span: SpanRecord = { type: 'span', startNs: 0n, endNs: 1n, rows: [], other: null, total: counts(1, 1) }
  async function* records(): AsyncGenerator<AnalysisRecord> {
    yield span
    yield known
  }
  const hidden: AnalysisRecord[] = []
  for await (const record of anonymizeRecords(records(), anonymizer)) hidden.push(record)
  expect(hidden[0]).toBe(span)
  expect(hidden[1]).toEqual(anonymizeCapture(known, anonymizer))
})

test('findings and comparisons name files too', () => {
  const finding = {
    ...({ kind: 'unreadable', severity: 'error', count: null, of: null, unit: null, first: null } as const),
    details: { file: damage.file, message: damage.message, bytes: 7 },
  }
  const report: CheckReport = { capture: known, tcpConversations: 0, findings: [finding] }
  expect(anonymizeCheck(report, anonymizer).findings[0]!.details).toEqual({
    ...{ file: 'file 2', message: 'file 2 ends within a frame, and file 3 is another', bytes: 7 },
  })
  const side = { files: ['/home/ada/a.pcap'], durationNs: 1n, packets: 1, bytes: 1, bitsPerSecond: 1 }
  expect(anonymizeDiff({ a: side, b: side, sections: [] }).b.files).toEqual(['file 1'])
})
