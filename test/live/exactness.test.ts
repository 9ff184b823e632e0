/** What `live` counts against what was sent: not about, but the same. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { pcap } from '../support/build-capture.ts'
import { captureTools, linkCounters, parseLive, settled, startLive } from '../support/live-process.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { udpFrame } from '../support/udp-frame.ts'

const run = promisify(execFile)
const folder = temporaryFolder()
const reason = whyNoLab('dumpcap', 'tcpreplay')
if (reason !== null) console.log(`exactness of live captures is skipped: ${reason}`)

describe.skipIf(reason !== null)('totals equal what was sent', { timeout: 40_000 }, () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab()
  })
  afterAll(() => lab.close())

  /** Totals while `send` is at work, beside the sender's own. */
  async function watchWhile(send: () => Promise<void>) {
    const live = await startLive(lab.a, ['va', '--format', 'jsonl', '-w', '0.2'])
    const before = linkCounters(lab)
    await send()
    const after = linkCounters(lab)
    await settled(live, 1000)
    live.child.kill('SIGINT')
    const { code, stdout } = await live.result
    const { rows, capture } = parseLive(stdout)
    const { late } = capture.accounting
    const inRows = {
      packets: rows.reduce((sum, { packets }) => sum + packets, late.packets),
      bytes: rows.reduce((sum, { bytes }) => sum + bytes, late.bytes),
    }
    expect(code).toBe(0)
    expect(inRows).toEqual({ packets: capture.frames, bytes: capture.bytes })
    const sent = { packets: after.packets - before.packets, bytes: after.bytes - before.bytes }
    return { sent, capture, dropped: capture.interfaces[0]!.dropped! }
  }

  async function expectExact(send: () => Promise<void>) {
    const { sent, capture, dropped } = await watchWhile(send)
    expect(capture.frames + dropped).toBe(sent.packets)
    if (dropped === 0) expect(capture.bytes).toBe(sent.bytes)
    return sent
  }

  async function replay(frame: Uint8Array, frames: number, ...speed: string[]) {
    const path = join(folder, `${frame.length}.pcap`)
    // A thousand flows.
    const records = Array.from({ length: 1000 }, (_, port) => {
      const data = Buffer.from(frame)
      data.writeUInt16BE(port, 34)
      return { data }
    })
    writeFileSync(path, pcap(records))
    const loops = `--loop=${frames / 1000}`
    const { stdout } = await run('ip', ['netns', 'exec', lab.b, 'tcpreplay', '-i', 'vb', '-K', loops, ...speed, path])
    return Number(/^Actual: (\d+) packets/m.exec(stdout)?.[1])
  }

  test('UDP, 20 Mbit/s for 4 s', async () => {
    // 2100 × 1190 × 8: 20 Mbit/s on layer 2.
    const sent = await expectExact(() => lab.send(8400, { length: 1190, rate: 2100 }))
    expect(sent).toEqual({ packets: 8400, bytes: 8400 * 1190 })
  })

  test('TCP, 200 Mbit/s for 2 s', async () => {
    const sent = await expectExact(async () => {
      const server = run('ip', ['netns', 'exec', lab.a, process.execPath, '-e', TCP_SERVER])
      await run('ip', ['netns', 'exec', lab.b, process.execPath, '-e', TCP_CLIENT])
      await server
    })
    expect(sent.bytes).toBeGreaterThan(TCP_BYTES)
  })

  test('a million small frames, 200 000 a second', async () => {
    let told = 0
    const sent = await expectExact(async () => {
      told = await replay(udpFrame({ payload: new Uint8Array(18) }), 1_000_000, '--pps=200000')
    })
    expect([told, sent]).toEqual([1_000_000, { packets: 1_000_000, bytes: 60_000_000 }])
  })

  test('with drops they differ by exactly these', async () => {
    const { sent, capture, dropped } = await watchWhile(async () => {
      const tools = captureTools(lab)
      for (const pid of tools) process.kill(pid, 'SIGSTOP')
      // The kernel's 64 MiB hold about 37 000 of these.
      await replay(udpFrame({ payload: new Uint8Array(1400) }), 60_000, '--topspeed')
      for (const pid of tools) process.kill(pid, 'SIGCONT')
    })
    expect(dropped).toBeGreaterThan(1000)
    expect(capture.frames).toBe(sent.packets - dropped)
    expect(capture.bytes).toBe(sent.bytes - dropped * 1442)
  })
})

const TCP_BYTES = 25_000_000 * 2

const TCP_SERVER = `
const server = require('node:net').createServer((socket) => {
  server.close()
  socket.resume().on('end', () => socket.end())
}).listen(5001)
`

/** 250 kB every 10 ms, or what is due when a timer was late. */
const TCP_CLIENT = `
const { connect } = require('node:net')
const begin = () => {
  const socket = connect(5001, '10.99.0.1')
  socket.on('error', () => setTimeout(begin, 50))
  socket.on('connect', () => {
    socket.resume()
    const start = Date.now()
    let sent = 0
    const timer = setInterval(() => {
      const due = Math.min(${TCP_BYTES}, (Date.now() - start) * 25_000)
      if (due > sent) socket.write(Buffer.alloc(due - sent))
      sent = due
      if (sent < ${TCP_BYTES}) return
      clearInterval(timer)
      socket.end()
    }, 10)
  })
}
begin()
`
