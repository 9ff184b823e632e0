/** The folder of the output is removed while netkit runs. (log: test/commands/log.test.ts) */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openGrowingOutput } from '../../src/node/growing-file.ts'
import { OutputError } from '../../src/node/output.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { writeLargeCapture } from './large-capture.ts'
import { startStalled } from './stalled-netkit.ts'

const folder = temporaryFolder()
const large = join(folder, 'large.pcap')
writeLargeCapture(large, 50_000)
let made = 0

function newFolder(): string {
  const path = join(folder, String(made++))
  mkdirSync(path)
  return path
}

describe.skipIf(process.platform === 'win32')('removed', () => {
  test.each(['analyze', 'check'])('%s -o: a sentence, exit 1', async (command) => {
    const place = newFolder()
    const file = join(place, 'x.json')
    const { child, result } = await startStalled([command, '-', '-o', file], readFileSync(large))
    rmSync(place, { recursive: true })
    child.stdin!.end()
    expect(await result).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `netkit: cannot write ${file}: there is no folder ${place}\n`,
    })
  })

  test('analyze -o, interrupted twice: 130 and not a word', async () => {
    const place = newFolder()
    const { child, result } = await startStalled(['analyze', '-', '-o', join(place, 'x.csv')], readFileSync(large))
    rmSync(place, { recursive: true })
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect(await result).toMatchObject({ code: 130, stdout: '', stderr: '' })
  })

  test('live -o: nobody writes for hours into a file that is not there', async () => {
    const place = newFolder()
    const path = join(place, 'live.csv')
    const output = await openGrowingOutput(path)
    await output.write('a\n')
    rmSync(place, { recursive: true })
    // Looking each time would cost more than writing.
    await sleep(300)
    const error = new OutputError(`${path} was removed while it was written; what it held is gone`)
    await expect(output.write('b\n')).rejects.toThrow(error)
    await output.abandon()

    const other = await openGrowingOutput(join(newFolder(), 'live.csv'))
    await other.write('a\n')
    rmSync(join(folder, String(made - 1)), { recursive: true })
    await expect(other.finish()).rejects.toThrow('was removed')
    await other.abandon()
  })
})
