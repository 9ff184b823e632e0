/**
 * Agreement: every capture of the reference corpus goes through the command as a user would run it, and the corpus's own
 * check.py judges what came out: packets, bytes, times, flows, exit codes, messages.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const corpus = join(root, '../shared/corpus')
const hasCorpus = existsSync(join(corpus, 'expected.jsonl'))

interface Verdict {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const TIMEOUT_MS = 60_000

function run(command: string, args: readonly string[]): Promise<Verdict & { readonly timedOut: boolean }> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      { timeout: TIMEOUT_MS, maxBuffer: 1 << 28, cwd: root },
      (error, stdout, stderr) => {
        const timedOut = error?.killed === true
        resolve({ code: child.exitCode, stdout, stderr, timedOut })
      },
    )
  })
}

interface JsonRow {
  readonly src: string
  readonly dst: string
  readonly protocol_number: number | null
  readonly packets: number
  readonly bytes: number
}

/** One line of check.py's input from one run of the command. */
async function judge(file: string): Promise<string> {
  const args = ['bin/run.js', 'analyze', join(corpus, file), '--format', 'json']
  const { code, stdout, stderr, timedOut } = await run(process.execPath, args)
  const result = stdout === '' ? null : JSON.parse(stdout)
  const rows: readonly JsonRow[] = result?.rows ?? []
  return JSON.stringify({
    file,
    exit: code,
    stderr,
    timeout: timedOut,
    packets: result?.capture.frames ?? null,
    bytes: result?.capture.bytes ?? null,
    first: result?.capture.first_ns ?? null,
    last: result?.capture.last_ns ?? null,
    flows: rows
      .filter((row) => row.protocol_number !== null)
      .map((row) => [row.src, row.dst, row.protocol_number, row.packets, row.bytes]),
  })
}

async function judgeAll(files: readonly string[]): Promise<string[]> {
  const lines: string[] = []
  const waiting = files.entries()
  const worker = async () => {
    for (const [index, file] of waiting) lines[index] = await judge(file)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return lines
}

if (!hasCorpus) console.log('corpus.test: skipped, because the reference corpus ../shared/corpus is not here')

describe.skipIf(!hasCorpus)('the reference corpus', () => {
  it('gets the verdict of check.py on every capture: no FAIL', { timeout: 600_000 }, async () => {
    const expected = readFileSync(join(corpus, 'expected.jsonl'), 'utf8').trim().split('\n')
    const files = expected.map((line) => JSON.parse(line).file as string)
    const folder = mkdtempSync(join(tmpdir(), 'netkit-corpus-'))
    const got = join(folder, 'got.jsonl')
    writeFileSync(got, `${(await judgeAll(files)).join('\n')}\n`)
    const { code, stdout, stderr } = await run('python3', [
      join(corpus, 'check.py'),
      join(corpus, 'expected.jsonl'),
      got,
    ])
    rmSync(folder, { recursive: true })
    console.log(stdout.trim())
    expect(stderr).toBe('')
    expect(stdout).not.toContain('FAIL')
    expect(code).toBe(0)
    expect(files.length).toBeGreaterThan(500)
  })
})
