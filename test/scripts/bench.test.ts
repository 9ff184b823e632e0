/** The benchmark runs: from compiling its launcher to the tables. What it says about speed is no test's business. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { projectFolder } from '../support/captures.ts'
import { missingTools } from '../support/tools.ts'

const missing = missingTools('gcc')

async function bench(args: readonly string[], data: string) {
  const run = promisify(execFile)(process.execPath, ['bench/run.js', ...args], {
    cwd: projectFolder,
    env: { ...process.env, NETKIT_BENCH_DATA: data },
  })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )
}

it.skipIf(missing)(`a work from its capture to its tables (${missing ?? 'gcc'})`, async () => {
  const data = mkdtempSync(join(tmpdir(), 'netkit-bench-'))
  try {
    const { code, stdout, stderr } = await bench(['--only', 'start-up', '--runs', '1'], data)
    expect(stderr).toContain('making tiny.pcap')
    expect(existsSync(join(data, 'tiny.pcap'))).toBe(true)
    expect(stdout).toMatch(/\| start-up \| wall, `netkit --version` ÷ `node -e 0` \| \d+\.\d\d \| ≤ 2 \| (not )?met \|/)
    expect(stdout).toMatch(/\| `node -e 0` \| [\d.]+ \| [\d.]+–[\d.]+ \| 1\.00 \| [\d.]+ \| \d+ MB \|/)
    expect(code, stderr).toBe(0)
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
})

it('refuses what it does not know', async () => {
  const [work, runs] = await Promise.all([bench(['--only', 'huge'], ''), bench(['--runs', '0'], '')])
  expect(work).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^no work is called huge; there are big, /),
  })
  expect(runs).toMatchObject({ code: 2, stdout: '', stderr: "--runs takes a number from 1, not '0'\n" })
})
