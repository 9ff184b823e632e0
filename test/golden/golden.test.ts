/** Every command line of cases.ts, run as a process: stdout is the file in expected/, stderr and exit code are the case's. */
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { captureFiles } from '../support/captures.ts'
import { runNetkit } from '../support/run-netkit.ts'
import { cases } from './cases.ts'

const folder = fileURLToPath(new URL('expected/', import.meta.url))
const rewriting = process.env.UPDATE_GOLDENS !== undefined

describe('golden', () => {
  for (const { label, format, args, expected, stdin, stderr, exitCode } of cases) {
    it.concurrent(`${label} ${format}`, async ({ expect }) => {
      const run = await runNetkit(args, stdin)
      expect(run.stderr).toBe(stderr)
      expect(run.exitCode).toBe(exitCode)
      // vitest would write a file that is missing and call it a success.
      if (!rewriting) expect(existsSync(folder + expected), `npm run golden -- ${label}`).toBe(true)
      await expect(run.stdout).toMatchFileSnapshot(folder + expected)
    })
  }
})

describe('the list of cases', () => {
  it('has each label and format once', () => {
    const names = cases.map(({ label, format }) => `${label} ${format}`)
    expect(names).toEqual([...new Set(names)])
  })

  // New files are written when all tests have ended.
  it.skipIf(rewriting)('has a case for every file in expected', () => {
    expect([...new Set(cases.map(({ expected }) => expected))].sort()).toEqual(readdirSync(folder).sort())
  })

  it('has a case for every broken capture', () => {
    const used = new Set(cases.flatMap(({ args }) => args))
    const unused = captureFiles().filter((file) => file.startsWith('broken/') && !used.has(`test/pcaps/${file}`))
    expect(unused).toEqual([])
  })
})
