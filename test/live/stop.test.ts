/** All the ways in which `live` ends: what it still says, its exit code, and nothing left behind. */
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drained, eventually } from '../support/live-captures.ts'
import { captureTools, parseLive, startLive, startLiveShell } from '../support/live-process.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'

const reason = whyNoLab('dumpcap')
if (reason !== null) console.log(`the end of live captures is skipped: ${reason}`)

describe.skipIf(reason !== null)('netkit live', { timeout: 20_000 }, () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab()
  })
  afterAll(() => lab.close())

  const nothingStays = () => eventually(() => lab.pids(lab.a).length === 0, 4000)

  test('SIGINT: the last window, the totals, exit code 0', async () => {
    const live = await startLive(lab.a, ['va', '-w', '1h', '-n'])
    await lab.send(25)
    await drained()
    live.child.kill('SIGINT')
    const { code, stdout, stderr } = await live.result
    expect([code, stderr]).toEqual([0, 'netkit: listening on va\n'])
    expect(stdout).toContain('--- Traffic Breakdown (last 1h) ---\n10.99.0.2')
    expect(stdout).toMatch(/\nTotal: .*, 25 packets, 2500 bytes\n\n--- Capture: 25 frames, 2500 bytes in .* ---\n/)
    expect(stdout).toMatch(/\nDrops: 0 of 25 frames \(0\.0%\)\n$/)
    expect(await nothingStays()).toBe(true)
  })

  test('SIGINT twice: at once, with 130, whatever the capture tool does', async () => {
    const live = await startLive(lab.a, ['va'])
    // It cannot heed the first one.
    for (const pid of captureTools(lab)) process.kill(pid, 'SIGSTOP')
    live.child.kill('SIGINT')
    expect(await Promise.race([live.result, drained()])).toBeUndefined()
    const begin = Date.now()
    live.child.kill('SIGINT')
    await once(live.child, 'exit')
    expect([live.child.exitCode, Date.now() - begin < 500]).toEqual([130, true])
    expect(await nothingStays()).toBe(true)
  })

  test('SIGKILL: the capture tool goes too', async () => {
    const live = await startLive(lab.a, ['va'])
    expect(captureTools(lab)).toHaveLength(1)
    live.child.kill('SIGKILL')
    expect(await nothingStays()).toBe(true)
  })

  test('| head -1: quietly', async () => {
    const live = await startLiveShell(lab.a, 'netkit live va --format jsonl -w 0.1 -n | head -1')
    await lab.send(150, { rate: 100 })
    const { code, stdout, stderr } = await live.result
    expect([code, stderr]).toEqual([0, 'netkit: listening on va\n'])
    expect(stdout.split('\n')).toHaveLength(2)
    expect(await nothingStays()).toBe(true)
  })

  test('an interface that disappears: a sentence, after what came before', async () => {
    const own = createLab()
    try {
      const live = await startLive(own.a, ['va', '--format', 'jsonl'])
      await own.send(10)
      await drained()
      own.run(own.a, ['ip', 'link', 'del', 'va'])
      const { code, stdout, stderr } = await live.result
      expect(parseLive(stdout).capture.frames).toBe(10)
      expect(stderr).toMatch(/^netkit: listening on va\nnetkit: interface 'va' disappeared; what came before .*\n$/)
      expect([code, own.pids(own.a)]).toEqual([1, []])
    } finally {
      own.close()
    }
  })

  test('--duration on a quiet network: empty windows, all of them its own', async () => {
    const text = (await (await startLive(lab.a, ['va', '--duration', '3s', '-w', '0.5'])).result).stdout
    const blocks = text.split('\n\n')
    expect(blocks.at(-1)).toBe('--- Capture: 0 frames, 0 bytes ---\nDrops: 0 of 0 frames (-)\n')
    const windows = blocks.slice(0, -1)
    expect(new Set(windows)).toEqual(new Set(['--- Traffic Breakdown (last 500ms) ---\nno traffic']))
    // Three seconds less the lag, and a part of a window at each end.
    expect([4, 5, 6]).toContain(windows.length)
    const json = (await (await startLive(lab.a, ['va', '--duration', '0.5', '--format', 'jsonl'])).result).stdout
    expect(json.split('\n')).toHaveLength(2)
    expect(parseLive(json).capture).toMatchObject({ frames: 0, interfaces: [{ received: 0, dropped: 0 }] })
    expect(await nothingStays()).toBe(true)
  })

  test('--count: so many frames, and the drops are known all the same', async () => {
    const live = await startLive(lab.a, ['va', '-c', '7', '--format', 'jsonl'])
    await lab.send(20)
    const { code, stdout } = await live.result
    expect([code, parseLive(stdout).capture]).toMatchObject([0, { frames: 7, interfaces: [{ dropped: 0 }] }])
    expect(await nothingStays()).toBe(true)
  })

  test('CSV: rows as they come', async () => {
    const live = await startLive(lab.a, ['va', '--format', 'csv', '--by', 'src', '-w', '0.2', '-n'])
    await lab.send(5)
    await drained()
    expect(live.lines.map(({ text }) => text)).toMatchObject([
      expect.stringContaining('packets,bytes,'),
      expect.stringMatching(/,10\.99\.0\.2,.*,5,500,/),
    ])
    live.child.kill('SIGTERM')
    expect((await live.result).code).toBe(0)
    expect(await nothingStays()).toBe(true)
  })

  test.each([
    ['/nonexistent/x', 'there is no folder /nonexistent'],
    ['/dev/full', 'no space left on the device'],
  ])('-o %s: a sentence, not a capture for nobody', async (path, words) => {
    const live = await startLive(lab.a, ['va', '-w', '0.2', '-o', path])
    const { code, stderr } = await live.result
    expect([code, stderr]).toEqual([1, `netkit: listening on va\nnetkit: cannot write ${path}: ${words}\n`])
    expect(await nothingStays()).toBe(true)
  })

  test('a pipeline that is interrupted as a whole still tells the drops', async () => {
    const live = await startLiveShell(lab.a, 'dumpcap -q -i va -w - 2>/dev/null | netkit live - -w 0.2')
    await eventually(() => captureTools(lab).length === 1)
    await lab.send(10)
    await drained()
    process.kill(-live.child.pid!, 'SIGINT')
    const { stdout } = await live.result
    expect(stdout).toMatch(/\n--- Capture: 10 frames, 1000 bytes in .* ---\nDrops: 0 of 10 frames \(0\.0%\)\n$/)
    expect(await nothingStays()).toBe(true)
  })
})
