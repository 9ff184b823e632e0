/** stdin, stdout, pipes and signals: the command between other commands. */
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { pcap, pcapHeader, pcapRecord } from '../support/build-capture.ts'
import { analyze, inTerminal, NETKIT, resultOf, shell, startNetkit } from '../support/netkit-process.ts'
import { analyzeHere } from '../support/run-here.ts'
import { sampleCapture, sampleRecords } from '../support/sample-capture.ts'
import { missingTools } from '../support/tools.ts'
import { udpFrame } from '../support/udp-frame.ts'

const folder = temporaryFolder()
const sample = writeFile(folder, 'sample.pcap', sampleCapture)

/** Frames of as many flows, one each. */
function manyFlows(count: number): Buffer {
  const frame = Buffer.from(udpFrame({ payload: new Uint8Array(20) }))
  const records = Array.from({ length: count }, (_, i) => {
    frame.writeUInt32BE(0x0a000000 + i, 26)
    return pcapRecord({ seconds: i % 1000, data: Buffer.from(frame) })
  })
  return Buffer.concat([pcapHeader({}), ...records])
}

const large = writeFile(folder, 'large.pcap', manyFlows(50_000))

describe('stdin', () => {
  test('a pipe, a file, compressed, by name or by dash: what the file gives', async () => {
    const gz = writeFile(folder, 'sample.pcap.gz', gzipSync(sampleCapture))
    const expected = (await analyzeHere([sample])).replace(sample, 'stdin')
    for (const line of [`cat '${sample}' | netkit analyze -`, `netkit analyze - < '${sample}'`]) {
      expect(await shell(line)).toEqual({ code: 0, signal: null, stderr: '', stdout: expected })
    }
    const compressed = await shell(`cat '${gz}' | netkit analyze -`)
    expect(compressed.stdout).toBe(expected.replace('Format        pcap\n', 'Format        pcap (gzip)\n'))
    expect((await shell(`cat '${sample}' | netkit analyze /dev/stdin -q`)).stdout).toBe(
      await analyzeHere([sample, '-q']),
    )
  })

  test('empty, closed, a folder', async () => {
    for (const line of ['netkit analyze - < /dev/null', ': | netkit analyze -', 'netkit analyze - <&-']) {
      const { code, stdout, stderr } = await shell(line)
      expect([code, stdout]).toEqual([5, ''])
      expect(stderr).toMatch(/^netkit: stdin: .*empty.*\n$/)
    }
    expect(await shell('netkit analyze - < /')).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringMatching(/^netkit: .*folder\n$/),
    })
  })

  test('named pipes, alone and merged', async () => {
    const result = await shell(
      `cd '${folder}'; mkfifo a b; cat '${sample}' > a & cat '${sample}' > b & netkit analyze a b -T csv --by protocol`,
    )
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toBe(
      (await analyzeHere([sample, '-T', 'csv', '--by', 'protocol'])).replace(
        /,(\d+),(\d+),([\d.]+)$/gm,
        (_, packets, bytes) => `,${2 * packets},${2 * bytes},${Math.round((2 * bytes * 8 * 1000) / 31) / 1000}`,
      ),
    )
  })
})

describe('stdout', () => {
  test.each(['text', 'csv', 'json', 'jsonl', 'md'])('| head -1 ends quietly, %s', async (format) => {
    const { code, stdout, stderr } = await shell(`netkit analyze '${large}' --top all -T ${format} | head -1`)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.split('\n')).toHaveLength(2)
  })

  test('endless --idle windows | head', async () => {
    const data = sampleRecords[0]!.data
    const century = writeFile(
      folder,
      'century.pcap',
      pcap([
        { seconds: 0, data },
        { seconds: 3_155_760_000, data },
      ]),
    )
    const start = Date.now()
    expect(await shell(`netkit analyze '${century}' -w 1ms --idle | head -3`)).toMatchObject({ code: 0, stderr: '' })
    const { stdout } = await analyze([century, '-w', '1ms', '-q'])
    expect(stdout).toContain('3155759999999 idle windows')
    expect(Date.now() - start).toBeLessThan(10_000)
  })

  test('closed from the start', async () => {
    expect(await shell(`netkit analyze '${sample}' >&-`)).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  test('a full disk', async () => {
    const { code, stderr } = await shell(`netkit analyze '${sample}' > /dev/full`)
    expect([code, stderr]).toEqual([1, 'netkit: cannot write to stdout: no space left on the device\n'])
  })

  test('no escape sequences where there is no terminal', async () => {
    const { stdout } = await analyze([sample], {
      env: { FORCE_COLOR: undefined, COLORTERM: 'truecolor', TERM: 'xterm-256color' },
    })
    expect(stdout).not.toContain('\x1b')
  })
})

describe('names from outside cannot act on the terminal', () => {
  test('in text and in errors', async () => {
    const evil = 'a\x1b]0;owned\x07\n\x9b2J\u202egpj.pcap'
    mkdirSync(join(folder, 'names'))
    writeFileSync(join(folder, 'names', evil), sampleCapture)
    const file = await analyze([evil], { cwd: join(folder, 'names') })
    expect(file).toMatchObject({ code: 0, stderr: '' })
    expect(file.stdout.split('\n')[0]).toBe('File          a\\x1b]0;owned\\x07\\x0a\\x9b2J\\u202egpj.pcap')
    const missing = await analyze([`${evil}x`], { cwd: join(folder, 'names') })
    expect(missing.code).toBe(5)
    expect(missing.stderr).toBe('netkit: cannot open a\\x1b]0;owned\\x07\\x0a\\x9b2J\\u202egpj.pcapx: no such file\n')
    const flag = await analyze([sample, '--window', evil])
    expect(flag.stderr).toMatch(/^netkit: --window: [\x20-\x7e]*\nnetkit: try 'netkit analyze --help'\n$/)
  })
})

const noTerminal = missingTools('script')
if (noTerminal !== null) console.log(`analyze-streams.test: the terminal is skipped, ${noTerminal}`)

describe.skipIf(noTerminal !== null)('a terminal', () => {
  const command = (args: string) => `'${process.execPath}' '${NETKIT}' analyze ${args}`

  test('bold headings; none with NO_COLOR', async () => {
    expect((await inTerminal(command(`'${sample}'`))).stdout).toContain('\x1b[1mTop pairs')
    expect((await inTerminal(command(`'${sample}'`), { NO_COLOR: '1' })).stdout).not.toContain('\x1b')
  })

  test('short work shows no progress', async () => {
    expect((await inTerminal(command(`'${sample}'`))).stdout).not.toContain('reading')
  })
})

describe('signals', () => {
  /** Starts on a pipe that has brought the sample and stays open. */
  async function onQuietPipe(args: readonly string[], capture: Uint8Array = sampleCapture) {
    const child = startNetkit(['analyze', '-', ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    const result = resultOf(child)
    child.stdin!.write(capture)
    // Nobody can see from outside that it has read everything.
    await sleep(1500)
    return { child, result }
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends reading, and what was read is answered', async (signal) => {
    const { child, result } = await onQuietPipe(
      ['-w', '5'],
      Buffer.concat([sampleCapture, pcapRecord(sampleRecords[0]!).subarray(0, 30)]),
    )
    child.kill(signal)
    const { code, stdout, stderr } = await result
    // The half of a frame that had come is nobody's damage.
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(await analyzeHere([sample, '-w', '5']))
    child.stdin!.destroy()
  })

  test('before anything has come: quiet too', async () => {
    const { child, result } = await onQuietPipe([], new Uint8Array(0))
    child.kill('SIGINT')
    expect(await result).toMatchObject({ code: 0, stdout: '', stderr: '' })
    child.stdin!.destroy()
  })

  test('the second one leaves at once with 130, and nothing half written stays', async () => {
    const out = join(folder, 'interrupted')
    mkdirSync(out)
    const { child, result } = await onQuietPipe(['-o', join(out, 'x.csv')])
    child.kill('SIGINT')
    await sleep(100)
    child.kill('SIGINT')
    expect((await result).code).toBe(130)
    expect(readdirSync(out)).toEqual([])
    child.stdin!.destroy()
  })

  test('of several inputs, those not begun are no complaint', async () => {
    const child = startNetkit(['analyze', '-', sample, large, '-T', 'csv'], { stdio: ['pipe', 'pipe', 'pipe'] })
    const result = resultOf(child)
    await sleep(1500)
    child.kill('SIGINT')
    await once(child, 'exit')
    // Only that the files were not read to their end.
    const stderr = 'netkit: interrupted: this is what was read until then\n'
    expect(await result).toMatchObject({ code: 0, stderr })
    child.stdin!.destroy()
  })
})
