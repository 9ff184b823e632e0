/** From a frame on the wire to its row: the closing of its window, and what the way there adds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { parseLive, settled, startLive } from '../support/live-process.ts'
import { createLab, whyNoLab } from '../support/namespaces.ts'

const reason = whyNoLab('dumpcap')
if (reason !== null) console.log(`the delay of live captures is skipped: ${reason}`)

/** The kernel hands frames over within 250 ms, netkit waits 300 for them and looks every 50. */
const LONGEST_MS = 250 + 300 + 50

// Once more when a busy machine held somebody up.
test.skipIf(reason !== null)('at a few frames a second', { retry: 2 }, async () => {
  const lab = createLab()
  try {
    const live = await startLive(lab.a, ['va', '--format', 'jsonl', '-w', '0.25'])
    for (let i = 0; i < 12; i++) {
      await lab.send(1)
      await sleep(100)
    }
    await settled(live, 1000)
    live.child.kill('SIGINT')
    const { capture } = parseLive((await live.result).stdout)
    const delays = live.lines.slice(0, -1).map(({ text, atMs }) => {
      const { window_start_ns, window_seconds } = JSON.parse(text)
      return atMs - (Number(BigInt(window_start_ns) / 1_000_000n) + window_seconds * 1000)
    })
    expect([capture.frames, capture.accounting.late.packets]).toEqual([12, 0])
    expect(delays.length).toBeGreaterThanOrEqual(5)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(300)
    expect(Math.max(...delays)).toBeLessThanOrEqual(LONGEST_MS)
  } finally {
    lab.close()
  }
})
