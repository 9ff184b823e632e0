import { fileURLToPath } from 'node:url'
import { Config, Flags } from '@oclif/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { CommandError, usageError } from '../../src/cli/exit-codes.ts'
import { OutputError } from '../../src/node/output.ts'

const config = Config.load({ root: fileURLToPath(new URL('../..', import.meta.url)) })

let stderr = ''
beforeEach(() => {
  stderr = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
})

class Fails extends BaseCommand {
  static override flags = { size: Flags.option({ options: ['s', 'm'] as const })() }
  error_: Error | null = null

  override async run(): Promise<void> {
    await this.parse(Fails)
    if (this.error_ !== null) throw this.error_
    this.exit(0)
  }
}

async function outcome(error: Error | null, argv: string[] = []) {
  const command = new Fails(argv, await config)
  command.id = 'fails'
  command.error_ = error
  await command.run().catch((thrown) => command.catch(thrown))
  return { code: process.exitCode, stderr }
}

test.each([
  [new Error('out of luck'), 1, 'netkit: out of luck\n'],
  [
    new OutputError('cannot write x: no space left on the device'),
    1,
    'netkit: cannot write x: no space left on the device\n',
  ],
  [new SourceUnavailable('cannot open x: no such file'), 5, 'netkit: cannot open x: no such file\n'],
  [new CommandError('no capture tool', 4), 4, 'netkit: no capture tool\n'],
  [usageError('--top: no'), 2, "netkit: --top: no\nnetkit: try 'netkit fails --help'\n"],
])('%o', async (error, code, text) => {
  expect(await outcome(error)).toEqual({ code, stderr: text })
})

test('what oclif says is one line, with one hint', async () => {
  expect(await outcome(null, ['--size', 'xl'])).toEqual({
    code: 2,
    stderr: "netkit: Expected --size=xl to be one of: s, m\nnetkit: try 'netkit fails --help'\n",
  })
})

test('leaving with 0 is no error', async () => {
  expect(await outcome(null)).toEqual({ code: undefined, stderr: '' })
})

test('messages cannot act on the terminal, and hide no second line', async () => {
  expect((await outcome(new Error('cannot open \x1b[31mx\nnetkit: all is well'))).stderr).toBe(
    'netkit: cannot open \\x1b[31mx\\x0anetkit: all is well\n',
  )
})

test('NETKIT_DEBUG adds the stack', async () => {
  vi.stubEnv('NETKIT_DEBUG', '1')
  expect((await outcome(new Error('out of luck'))).stderr).toMatch(/^netkit: out of luck\nError: out of luck\n {4}at /)
})
