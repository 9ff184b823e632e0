import { expect, test } from 'vitest'
import { explainCaptureError } from '../../src/cli/explain-capture-error.ts'
import { CaptureError } from '../../src/node/capture-errors.ts'
import { listInterfaces } from '../../src/node/interfaces.ts'

test('near names of interfaces that are there', async () => {
  const loopback = (await listInterfaces()).find(({ loopback }) => loopback)!.name
  const wrong = `${loopback.slice(0, -1)}#`
  const [first, ...others] = await explainCaptureError(new CaptureError('no-such-interface', 'x', wrong))
  expect(first).toMatch(new RegExp(`^did you mean (?:.* or )?${loopback}\\b.*\\?$`))
  expect(others).toEqual(['netkit interfaces    # lists them'])
})

test('nothing is near: only where they are listed', async () => {
  const lines = await explainCaptureError(new CaptureError('no-such-interface', 'x', 'nothing-like-it-anywhere'))
  expect(lines).toEqual(['netkit interfaces    # lists them'])
})

test('nothing to be done', async () => {
  expect(await explainCaptureError(new CaptureError('tool-failed', 'dumpcap was killed (SIGKILL)'))).toEqual([])
})
