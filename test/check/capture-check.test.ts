import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capturesFolder } from '../support/captures.ts'
import { anyCapture, damagedCapture } from '../support/random-captures.ts'
import { checkCaptures } from './check-captures.ts'

test('whatever comes: findings whose numbers fit the capture', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.oneof(anyCapture, damagedCapture), { minLength: 1, maxLength: 3 }),
    async (captures) => {
      const { report, problems } = await checkCaptures(captures, { mostConversations: 2 })
      if (report === null) return
      const { capture, findings } = report
      expect(findings.filter(({ kind }) => kind === 'unreadable')).toHaveLength(problems.length)
      for (const { kind, count, of, unit, first } of findings) {
        if (count !== null) expect([kind, count > 0 && count <= of!]).toEqual([kind, true])
        if (unit === 'frame' && kind !== 'drops') expect(of).toBe(capture.frames)
        if (first !== null) expect(first.frame >= 1 && first.frame <= capture.frames).toBe(true)
      }
      const count = (kind: string) => findings.find((finding) => finding.kind === kind)?.count ?? 0
      expect(count('malformed')).toBe(capture.malformed)
      expect(count('headers-cut')).toBe(capture.truncated)
      expect(count('unknown-link') + count('undecoded')).toBe(capture.unsupported)
    },
  )
  await fc.assert(property, { numRuns: 300 })
})

test('many interfaces, of several files', async () => {
  const files = ['pcapng-interfaces.pcapng', 'link-type-unknown.pcap', 'pcapng-two-sections.pcapng']
  const { report, of } = await checkCaptures(files.map((name) => capturesFolder + name))
  expect(report!.capture.frames).toBe(24 + 6 + 12)
  expect(of('unknown-link')).toMatchObject({ count: 6, of: 42 })
})
