// A large capture in the page of netkit web, in Debian's Chromium, beside the command line: how long until it is seen, how long another
// grouping takes, and the most memory that the tab ever had (VmHWM of its process). Usage: node bench/web-page.js [CAPTURE...]
//
// Captures are those of lib/captures.js, made when they are not there; big.pcap (1.08 GB) unless named. Needs a build, and Linux.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { makeCaptures, warm } from './lib/captures.js'

const NETKIT = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const CHROMIUM = process.env.NETKIT_BENCH_CHROMIUM ?? '/usr/bin/chromium'
const data = process.env.NETKIT_BENCH_DATA ?? join(tmpdir(), 'netkit-perf')
const LONGEST_MS = 300_000
const say = (line) => process.stdout.write(`${line}\n`)

function commandLine(...args) {
  const began = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [NETKIT, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  if (status !== 0) throw new Error(`netkit ${args.join(' ')}: ${stderr}`)
  return (performance.now() - began) / 1000
}

/** Starts netkit web; its address, and how to end it. */
async function serve() {
  const child = spawn(process.execPath, [NETKIT, 'web', '--no-open'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  for await (const chunk of child.stderr) {
    said += chunk
    const url = /http:\S+/.exec(said)?.[0]
    if (url) return { url, stop: () => child.kill('SIGINT') }
  }
  throw new Error(said)
}

/** Of the largest tab: megabytes at its most. */
async function peakOf(browser) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const tabs = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => readFileSync(`/proc/${id}/status`, 'utf8'))
  return Math.max(...tabs.map((status) => Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024))
}

/** Seconds of the work, until the page is still; and the longest that it did not draw meanwhile. */
async function timed(page, work, words) {
  await page.evaluate(`(() => {
    let last = performance.now()
    window.longest = 0
    window.watch = setInterval(() => {
      const now = performance.now()
      window.longest = Math.max(window.longest, now - last)
      last = now
    }, 5)
  })()`)
  await page.evaluate(`document.querySelector('.read-status')?.replaceChildren()`)
  const began = performance.now()
  await work()
  // In turns from here: what the page would have to evaluate, its policy forbids.
  const isDone = `${words}.test(document.querySelector('.read-status')?.textContent ?? '') && !document.body.classList.contains('busy')`
  while (!(await page.evaluate(isDone))) {
    if (performance.now() - began > LONGEST_MS) throw new Error('the page has no answer')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const seconds = (performance.now() - began) / 1000
  const longest = await page.evaluate('clearInterval(window.watch), window.longest')
  return { seconds, longest }
}

async function measure(url, name) {
  const path = join(data, name)
  makeCaptures(data, [name], say)
  warm(data, [name])
  const analyze = commandLine('analyze', path, '-q', '--jobs', '1')
  const report = commandLine('report', path, '-q', '--jobs', '1', '-o', join(data, 'web-page.html'))
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await (await browser.newContext()).newPage()
    await page.goto(url, { waitUntil: 'networkidle' })
    const opened = await timed(page, () => page.locator('input[type=file]').setInputFiles(path), '/^Read/')
    const grouped = await timed(
      page,
      () => page.getByRole('combobox', { name: 'Rows', exact: true }).selectOption('host'),
      '/^(Answered|Read)/',
    )
    const said = await page.locator('.figures').innerText()
    const peak = await peakOf(browser)
    say(
      `${name}: page ${opened.seconds.toFixed(2)} s (not drawn for ${opened.longest.toFixed(0)} ms at most), ` +
        `by host ${grouped.seconds.toFixed(2)} s, tab ${peak.toFixed(0)} MB at most; ` +
        `command line on one thread: report ${report.toFixed(2)} s, analyze ${analyze.toFixed(2)} s [${said.replace(/\s+/g, ' ')}]`,
    )
  } finally {
    await browser.close()
  }
}

const { url, stop } = await serve()
try {
  const names = process.argv.slice(2)
  for (const name of names.length === 0 ? ['big.pcap'] : names) await measure(url, name)
} finally {
  stop()
}
