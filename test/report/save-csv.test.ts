import { describe, expect, test } from 'vitest'
import { csvOf } from '../../src/report/save-csv.ts'
import { loadReport } from '../../src/report/select-time.ts'
import { captureFiles, capturesFolder } from '../support/captures.ts'
import { reportOn } from '../support/report-files.ts'
import { analyzeHere, runHere } from '../support/run-here.ts'

const sound = captureFiles().filter((file) => !file.startsWith('broken/') && !file.startsWith('compressed/'))

describe('the whole capture: the bytes of netkit analyze', () => {
  test.each(sound)('%s', async (file) => {
    const path = capturesFolder + file
    for (const top of [3, 50]) {
      const report = loadReport((await reportOn([path], { top }))!)
      for (const table of report.tables) {
        const wanted = await analyzeHere([path, '--by', table.by, '--top', String(top), '--format', 'csv'])
        expect(csvOf(report, table, null), `${table.by} ${top}`).toBe(wanted)
      }
    }
  })

  test.each(['vlan', 'mac', 'interface', 'src/24', 'host/16', 'src,vlan'])('by %s', async (by) => {
    for (const file of ['qinq.pcapng', 'two-interfaces.pcapng', 'office.pcap']) {
      const report = loadReport((await reportOn([capturesFolder + file], { by, top: 2 }))!)
      const wanted = await analyzeHere([capturesFolder + file, '--by', by, '--top', '2', '--format', 'csv'])
      expect(csvOf(report, report.tables[0]!, null), file).toBe(wanted)
    }
  })

  test('what could be read of a damaged one', async () => {
    const path = `${capturesFolder}broken/pcap-garbage-tail.pcap`
    const report = loadReport((await reportOn([path]))!)
    const { text, code } = await runHere([path, '--by', 'pair', '--format', 'csv'])
    expect(code).toBe(6)
    expect(csvOf(report, report.tables[0]!, null)).toBe(text)
  })
})

test('a part of the time: its own window, and the rows that had a packet in it', async () => {
  const path = `${capturesFolder}office.pcap`
  const report = loadReport((await reportOn([path], { top: 4 }))!)
  const range = { start: 100, end: 240 }
  const [head, ...lines] = csvOf(report, report.tables[0]!, range).trimEnd().split('\n')
  expect(head).toMatch(/^window_start,window_seconds,src,/)
  expect(lines.length).toBeGreaterThan(1)
  expect(lines.length).toBeLessThanOrEqual(5)
  for (const line of lines) expect(line).toMatch(/^2026-11-22T13:28:27\.850000000Z,7,/)
})
