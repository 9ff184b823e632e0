import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CaptureOptions, captureArguments, startCapture } from '../../src/node/capture-child.ts'
import { CaptureError } from '../../src/node/capture-errors.ts'
import { CAPTURE_TOOLS, chooseCaptureTool } from '../../src/node/capture-tool.ts'
import { drained, eventually, readFrames, startOther } from '../support/live-captures.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()
const reason = whyNoLab(...CAPTURE_TOOLS)
if (reason !== null) console.log(`captures of real interfaces are skipped: ${reason}`)

describe('command lines', () => {
  test('dumpcap: options before the interfaces, a wide queue for several', () => {
    const options = { interfaces: ['va'], filter: 'udp', snaplen: 128, promiscuous: false, bufferMiB: 8 }
    expect(captureArguments('dumpcap', options).join(' ')).toBe('-q -B 8 -f udp -s 128 -p -i va -w -')
    expect(captureArguments('dumpcap', { interfaces: ['va', 'vb'] }).join(' ')).toBe(
      '-q -N 200000 -C 100000000 -B 64 -i va -i vb -w -',
    )
    expect(captureArguments('tshark', { interfaces: ['va'] }).join(' ')).toBe('-B 64 -i va -w -')
  })

  test('tcpdump: nanoseconds where there are some', () => {
    const options = { interfaces: ['va'] }
    expect(captureArguments('tcpdump', options, true).join(' ')).toBe('-U --immediate-mode -B 65536 --nano -i va -w -')
    expect(captureArguments('tcpdump', options, false)).not.toContain('--nano')
  })

  test('tcpdump: a filter is never an option', () => {
    expect(captureArguments('tcpdump', { interfaces: ['va'], filter: '-z' }).slice(-2)).toEqual(['--', '-z'])
  })

  test.each(['tshark', 'tcpdump'] as const)('%s would lose frames of several interfaces', (tool) => {
    expect(() => captureArguments(tool, { interfaces: ['va', 'vb'] })).toThrow(
      /several interfaces at once need dumpcap/,
    )
  })
})

describe.skipIf(reason !== null)('captures', { timeout: 20_000 }, () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab({ links: 2 })
    lab.run(lab.a, ['ip', 'link', 'add', 'down0', 'type', 'veth', 'peer', 'name', 'down1'])
  })
  afterAll(() => lab.close())

  const start = (options: Partial<CaptureOptions> = {}) =>
    startCapture({ interfaces: ['va'], netns: lab.a, ...options })
  const running = () => lab.pids(lab.a)
  const failure = async (options: Partial<CaptureOptions>) => {
    const error = await start(options).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(CaptureError)
    const { kind, message } = error as CaptureError
    return [kind, message]
  }

  describe.each(CAPTURE_TOOLS)('%s', (tool) => {
    test('every frame sent is read, from the first after it is ready', async () => {
      const capture = await start({ tool })
      const reading = readFrames(capture.source)
      await lab.send(3000, { rate: 10_000 })
      await drained()
      capture.stop()
      expect(await reading).toMatchObject({ frames: 3000, bytes: 300_000, fault: null })
      expect(await capture.end).toMatchObject({ exitCode: 0, signal: null, received: 3000, dropped: 0, message: null })
      expect(running()).toEqual([])
    })

    test('what cannot start says why', async () => {
      expect(await failure({ tool, interfaces: ['nosuch0'] })).toEqual([
        'no-such-interface',
        "there is no interface 'nosuch0'",
      ])
      expect(await failure({ tool, filter: 'tcp prot 80' })).toEqual([
        'bad-filter',
        "invalid capture filter 'tcp prot 80': can't parse filter expression: syntax error",
      ])
      expect(await failure({ tool, interfaces: ['down0'] })).toEqual(['interface-down', "interface 'down0' is down"])
      expect(running()).toEqual([])
    })

    test('no permission', async () => {
      // The loopback of the machine: nobody may not enter the namespace.
      const { child, line } = await startOther(`
        process.setgroups([]); process.setgid(65534); process.setuid(65534)
        await capture.startCapture({ interfaces: ['lo'], tool: '${tool}' })
          .then((live) => live.kill(), ({ kind, message }) => console.log(JSON.stringify([kind, message])))`)
      child.kill('SIGKILL')
      expect(JSON.parse(line)).toEqual(['no-permission', 'no permission to capture on lo'])
    })

    test('an interface that disappears ends it with a sentence; what came before is there', async () => {
      const lab = createLab()
      try {
        const capture = await startCapture({ interfaces: ['va'], netns: lab.a, tool })
        const reading = readFrames(capture.source)
        await lab.send(10)
        await drained()
        lab.run(lab.a, ['ip', 'link', 'del', 'va'])
        expect(await reading).toMatchObject({ frames: 10, fault: null })
        expect((await capture.end).message).toMatch(/^(?:interface 'va'|the interface) disappeared; what came before/)
      } finally {
        lab.close()
      }
    })

    test('killed from outside on a quiet network: it ends, says so, and leaves nothing behind', async () => {
      const capture = await start({ tool })
      const reading = readFrames(capture.source)
      await lab.send(10)
      await drained()
      process.kill(capture.pid, 'SIGKILL')
      expect(await reading).toMatchObject({ frames: 10 })
      expect(await capture.end).toMatchObject({
        signal: 'SIGKILL',
        dropped: null,
        message: `${tool} was killed (SIGKILL)`,
      })
      expect(await eventually(() => running().length === 0)).toBe(true)
    })

    test('netkit killed on a quiet network: nothing is left behind', async () => {
      const { child, line } = await startOther(`
        const live = await capture.startCapture({ interfaces: ['va'], netns: '${lab.a}', tool: '${tool}' })
        console.log(live.pid)`)
      expect(running()).toContain(Number(line))
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(await eventually(() => running().length === 0)).toBe(true)
    })

    test('drops are reported, and with the frames they are all', async () => {
      const capture = await start({ tool, bufferMiB: 1 })
      const reading = readFrames(capture.source)
      const pids = running()
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      await lab.send(4000, { length: 1000 })
      for (const pid of pids) process.kill(pid, 'SIGCONT')
      await drained()
      capture.stop()
      const { frames } = await reading
      const end = await capture.end
      expect(end.dropped).toBeGreaterThan(1000)
      expect([end.received, frames + end.dropped!]).toEqual([frames, 4000])
    })
  })

  test('netkit killed, with a dumpcap that has rights of its own: the way it is installed for ordinary users', async (context) => {
    chmodSync(folder, 0o755)
    copyFileSync(chooseCaptureTool('dumpcap').path, join(folder, 'dumpcap'))
    const { status } = spawnSync('setcap', ['cap_net_raw,cap_net_admin=eip', join(folder, 'dumpcap')])
    context.skip(status !== 0, 'setcap fails or is not installed')
    const { child, line } = await startOther(`
      process.env.PATH = '${folder}'
      process.setgroups([]); process.setgid(65534); process.setuid(65534)
      await capture.startCapture({ interfaces: ['lo'], filter: 'icmp and host 192.0.2.77' })
        .then(({ pid }) => console.log(pid), ({ kind }) => console.log(kind))`)
    const alive = () => existsSync(`/proc/${line}`)
    const started = alive()
    child.kill('SIGKILL')
    await once(child, 'exit')
    context.skip(line === 'no-permission', 'file capabilities do not count on this file system')
    expect([started, await eventually(() => !alive())]).toEqual([true, true])
  })

  test('two interfaces in one capture', async () => {
    const capture = await start({ interfaces: ['va', 'va1'] })
    const reading = readFrames(capture.source)
    await Promise.all([lab.send(20_000, { rate: 20_000 }), lab.send(10, { rate: 10, link: 1 })])
    await drained()
    capture.stop()
    const { frames, interfaces } = await reading
    expect(frames).toBe(20_010)
    expect(interfaces.map(({ name, received, dropped }) => [name, received, dropped])).toEqual([
      ['va', 20_000, 0],
      ['va1', 10, 0],
    ])
    expect(await capture.end).toMatchObject({
      received: 20_010,
      dropped: 0,
      interfaces: [
        { received: 20_000, dropped: 0 },
        { received: 10, dropped: 0 },
      ],
    })
  })

  test('tcpdump where there are no nanoseconds', async (context) => {
    // It opens nflog only where the kernel has it.
    const { status } = spawnSync('ip', ['netns', 'exec', lab.a, 'tcpdump', '-L', '-i', 'nflog'])
    context.skip(status !== 0, 'no nflog here')
    const capture = await start({ tool: 'tcpdump', interfaces: ['nflog'] })
    const reading = readFrames(capture.source)
    capture.stop()
    expect(await reading).toMatchObject({ frames: 0, interfaces: [{ linktype: 239 }], fault: null })
    expect(await capture.end).toMatchObject({ exitCode: 0, message: null })
  })

  test('filter and snaplen', async () => {
    const capture = await start({ filter: 'dst host 10.99.0.9 and greater 200', snaplen: 64 })
    const reading = readFrames(capture.source)
    await lab.send(20)
    await lab.send(7, { length: 300 })
    await drained()
    capture.stop()
    const { frames, bytes, interfaces } = await reading
    expect([frames, bytes, interfaces[0]!.snaplen]).toEqual([7, 2100, 64])
  })

  test('a display filter is no capture filter, in the words of tshark', async () => {
    const error = await start({ tool: 'tshark', filter: 'tcp.port == 80' }).catch((error: unknown) => error)
    expect((error as CaptureError).message).toBe(
      "invalid capture filter 'tcp.port == 80': can't parse filter expression: syntax error",
    )
  })

  test('killed by us: at once, and nobody counted', async () => {
    const capture = await start()
    const begin = Date.now()
    capture.kill()
    expect(await capture.end).toMatchObject({ signal: 'SIGKILL', received: null, dropped: null, message: null })
    expect(Date.now() - begin).toBeLessThan(1000)
    capture.kill()
    capture.stop()
  })

  test('closing the source stops the capture, however much still comes', async () => {
    const capture = await start()
    const sending = lab.send(20_000, { rate: 20_000 })
    await capture.source.read(new Uint8Array(100))
    await capture.source.close()
    expect(await capture.end).toMatchObject({ exitCode: 0, message: null })
    expect(await capture.source.read(new Uint8Array(100))).toBe(0)
    await sending
  })

  test('a reader that dawdles loses nothing', async () => {
    const capture = await start()
    await lab.send(20_000, { length: 1400 })
    await sleep(500)
    const reading = readFrames(capture.source)
    await drained()
    capture.stop()
    expect((await reading).frames).toBe(20_000)
  })

  test('given up while it starts', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    expect(await failure({ tool: 'tshark', signal: controller.signal })).toEqual([
      'aborted',
      'stopped before the capture had begun',
    ])
    expect(await failure({ signal: controller.signal })).toMatchObject(['aborted', expect.any(String)])
    expect(await eventually(() => running().length === 0)).toBe(true)
  })
})

test('no tool', async () => {
  const { PATH } = process.env
  process.env.PATH = '/nonexistent'
  try {
    // Where the folders of PATH are sbin as well, it is found nevertheless.
    const merged = spawnSync('/bin/sh', ['-c', 'test -e /usr/sbin/dumpcap || test -e /sbin/dumpcap']).status === 0
    const error = await startCapture({ interfaces: ['lo'], tool: 'dumpcap' }).catch((error: unknown) => error)
    if (!merged)
      expect(error).toMatchObject({ kind: 'tool-missing', message: 'no capture tool: dumpcap is not installed' })
  } finally {
    process.env.PATH = PATH
  }
})
