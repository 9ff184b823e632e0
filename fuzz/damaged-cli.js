// Damaged captures through the whole command, with and without --salvage: every run ends in time and within its memory, with a
// documented exit code, one-line messages, and an accounting that adds up. Usage: node fuzz/damaged-cli.js [COUNT] [SEED]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [count = '2000', seed = '1'] = process.argv.slice(2)
const NETKIT = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const SOURCES = ['../test/pcaps/', '../../shared/corpus/'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
const LARGEST_CAPTURE = 1 << 20
/** An empty file cannot be damaged. */
const isUsable = (size) => size > 0 && size <= LARGEST_CAPTURE
const MOST_SECONDS = 10
const MOST_KILOBYTES = 300_000
const EXIT_CODES = [0, 5, 6]

/** Mulberry32: the same seed, the same damage. */
function randomOf(start) {
  let state = start >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return Math.floor((((x ^ (x >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

function captures(folder) {
  try {
    return readdirSync(folder, { recursive: true })
      .map((name) => join(folder, name))
      .filter((path) => /\.(pcap|pcapng|cap|gz|zst|lz4)$/.test(path) && isUsable(statSync(path).size))
      .sort()
  } catch {
    return []
  }
}

const DAMAGE = [
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => {
    for (let i = 1 + random(8); i > 0; i--) bytes[random(bytes.length)] ^= 1 << random(8)
    return bytes
  },
  (bytes, random) => {
    const garbage = Buffer.from(Array.from({ length: 1 + random(2000) }, () => random(256)))
    const at = random(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), garbage, bytes.subarray(at)])
  },
  (bytes, random) => bytes.fill(random(2) * 0xff, random(bytes.length)).subarray(0, bytes.length),
  (bytes, random) => {
    const at = random(Math.max(1, bytes.length >> 2)) * 4
    if (at + 4 <= bytes.length) bytes.writeUInt32LE([0, 1, 0xffffffff, 0x7fffffff][random(4)], at)
    return bytes
  },
  (bytes, random) => {
    const [a, b] = [random(bytes.length), random(bytes.length)]
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)])
  },
]

/** What is wrong with a run, or null. */
function faultOf({ status, signal, stdout, stderr }, kilobytes) {
  if (signal !== null) return `ended by ${signal}`
  if (!EXIT_CODES.includes(status)) return `exit code ${status}: ${stderr}`
  if (kilobytes > MOST_KILOBYTES) return `${kilobytes} kB`
  if (stderr.split('\n').some((line) => line !== '' && !line.startsWith('netkit: '))) return `says ${stderr}`
  // Damaged before its first frame: then it says so, and gives nothing.
  if (stdout === '') return status !== 0 && stderr !== '' ? null : 'no output'
  const { accounting, frames } = JSON.parse(stdout).capture
  const parts = ['shown', 'filtered', 'undecoded', 'evicted', 'late', 'untimed'].map((part) => accounting[part])
  const sum = (field) => parts.reduce((total, part) => total + part[field], 0)
  if (sum('packets') !== frames || sum('packets') !== accounting.whole.packets) return 'frames do not add up'
  return sum('bytes') === accounting.whole.bytes ? null : 'bytes do not add up'
}

const say = (line) => process.stdout.write(`${line}\n`)
const random = randomOf(Number(seed))
const files = SOURCES.flatMap(captures)
const folder = mkdtempSync(join(tmpdir(), 'netkit-damaged-'))
const codes = {}
let runs = 0
let faults = 0
let worst = { seconds: 0, kilobytes: 0 }
try {
  for (let i = 0; i < Number(count); i++) {
    const source = files[random(files.length)]
    const bytes = Buffer.from(readFileSync(source))
    const file = join(folder, 'damaged')
    writeFileSync(file, DAMAGE[random(DAMAGE.length)](bytes, random))
    for (const flags of [[], ['--salvage']]) {
      const args = ['-f', '%M', process.execPath, NETKIT, 'analyze', file, '--format', 'json', '--top', '5', ...flags]
      const startedAt = performance.now()
      const result = spawnSync('/usr/bin/time', args, {
        encoding: 'utf8',
        timeout: MOST_SECONDS * 1000,
        maxBuffer: 1 << 28,
      })
      const seconds = (performance.now() - startedAt) / 1000
      const lines = result.stderr.trimEnd().split('\n')
      const kilobytes = Number(lines.pop())
      const stderr = lines.filter((line) => !line.startsWith('Command exited')).join('\n')
      const fault = faultOf({ ...result, stderr }, kilobytes)
      runs++
      codes[result.status] = (codes[result.status] ?? 0) + 1
      worst = { seconds: Math.max(worst.seconds, seconds), kilobytes: Math.max(worst.kilobytes, kilobytes) }
      if (fault === null) continue
      faults++
      const kept = join(tmpdir(), `netkit-damaged-${seed}-${i}`)
      writeFileSync(kept, readFileSync(file))
      say(`${source} ${flags.join(' ')}: ${fault} (kept as ${kept})`)
    }
    if (i % 100 === 99) say(`${i + 1} captures, ${runs} runs, ${faults} faults, exit codes ${JSON.stringify(codes)}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
say(
  `${runs} runs, ${faults} faults, exit codes ${JSON.stringify(codes)}, at most ${worst.seconds.toFixed(1)} s, ${worst.kilobytes} kB`,
)
process.exitCode = faults === 0 ? 0 : 1
