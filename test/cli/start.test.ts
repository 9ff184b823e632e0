/** `--version` is answered without oclif, in oclif's words. */
import { Config } from '@oclif/core'
import { expect, test } from 'vitest'
import { projectFolder } from '../support/captures.ts'
import { netkit } from '../support/netkit-process.ts'

test.each([[['--version']], [['-v']], [['--version', 'analyze']]])('%j', async (args) => {
  const { userAgent } = await Config.load({ root: projectFolder })
  expect(await netkit(args)).toEqual({ code: 0, signal: null, stdout: `${userAgent}\n`, stderr: '' })
})

test('where Linux may be Windows, oclif answers', async () => {
  const env = { WSL_DISTRO_NAME: 'Debian', DEBUG: 'oclif:*' }
  const { code, stdout, stderr } = await netkit(['--version'], { env })
  expect({ code, stdout }).toEqual({ code: 0, stdout: (await netkit(['--version'])).stdout })
  expect(stderr).toContain('loading core plugin')
})
