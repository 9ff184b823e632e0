/** Plain commands run without oclif's own start: to whoever types them it is the same. */
import { Config } from '@oclif/core'
import { expect, test } from 'vitest'
import { COMMANDS, runCommand } from '../../src/cli/run-command.ts'
import { projectFolder } from '../support/captures.ts'
import { netkit } from '../support/netkit-process.ts'

const CAPTURE = 'test/pcaps/http.pcap'

test('all commands are known', async () => {
  const config = await Config.load({ root: projectFolder })
  expect(COMMANDS).toEqual(config.plugins.get('netkit')!.commandIDs.toSorted())
})

test.each(['doctor', 'interfaces', 'traffic', 'web', 'worker'])('%s says that it takes no file', async (name) => {
  expect(await netkit([name, 'capture.pcap'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Unexpected argument: capture.pcap'),
  })
})

test.each([
  [[]],
  [['no-such-command']],
  [['toString']],
  [['help', 'analyze']],
  [['analyze', '--help']],
  [['analyze', CAPTURE, '-h']],
])('%j is for oclif', async (argv) => {
  expect(await runCommand(argv, 'file:///nowhere/bin/run.js')).toBe(false)
})

// With $DEBUG oclif runs all commands, so that it can say what it does.
test.each([
  [['analyze', CAPTURE, '--format', 'csv', '--window', '1']],
  [['analyze', '--no-such-flag']],
  [['analyze', '--format', 'doc', CAPTURE]],
  [['analyze', CAPTURE, '--window']],
  [['analyze', '--top', '-1', CAPTURE]],
  [['analyze', '--step', '2', CAPTURE]],
  [['analyze', '--', '--help']],
  [['analyze', 'no-such-file']],
  [['check', CAPTURE, '--format', 'json']],
  [['check']],
  [['log', CAPTURE, '--no-such-flag', '--nor-this']],
  [['live', '--duration', 'x']],
  [['interfaces', '--no-such-flag']],
  [['interfaces', '--no-such-flag', 'word']],
  [['traffic', '--rate']],
])('%j says what it says when oclif runs it', async (args) => {
  const alone = await netkit(args)
  expect(alone).toEqual(await netkit(args, { env: { DEBUG: 'nothing' } }))
  expect(alone.stdout + alone.stderr).not.toBe('')
})
