// The captures that works read, made on demand and kept in the data folder. The generator is seeded: the same arguments, the
// same bytes.
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './programs.js'

/** `bytes` is exact: a file of another length is made again. */
const GENERATED = {
  // a realistic mix: frames of 660 bytes on average, conversations of very different weight
  'big.pcap': {
    frames: 1_600_000,
    bytes: 1_081_888_936,
    args: '--packets 1600000 --convs 20000 --zipf 1.0 --span 300 --mode imix --v6 30 --seed 1',
  },
  // the work is in frames, not in bytes
  'small.pcap': {
    frames: 8_000_000,
    bytes: 747_449_931,
    args: '--packets 8000000 --convs 200000 --zipf 0.9 --span 120 --mode small --v6 30 --seed 2',
  },
  // all conversations alive at once: the work is in the flow table
  'many-flows.pcap': {
    frames: 4_000_000,
    bytes: 678_177_919,
    args: '--packets 4000000 --convs 2000000 --span 300 --mode flows --v6 30 --seed 3',
  },
  // start-up
  'tiny.pcap': {
    frames: 100,
    bytes: 61_845,
    args: '--packets 100 --convs 20 --zipf 1.0 --span 1 --mode imix --v6 30 --seed 4',
  },
}

/** `bytes` is about right: what has to be free for it. */
const DERIVED = {
  'small-tenth.pcap': {
    from: 'small.pcap',
    frames: 800_000,
    bytes: 75e6,
    command: (from, to) => ['editcap', '-F', 'pcap', '-r', from, to, '1-800000'],
  },
  'many-flows-tenth.pcap': {
    from: 'many-flows.pcap',
    frames: 400_000,
    bytes: 70e6,
    command: (from, to) => ['editcap', '-F', 'pcap', '-r', from, to, '1-400000'],
  },
  'big.pcapng': {
    from: 'big.pcap',
    frames: 1_600_000,
    bytes: 1.11e9,
    command: (from, to) => ['editcap', '-F', 'pcapng', from, to],
  },
  'big.pcap.gz': {
    from: 'big.pcap',
    frames: 1_600_000,
    bytes: 0.9e9,
    command: (from, to) => ['sh', '-c', `gzip -6 -n -c '${from}' > '${to}'`],
  },
  'big.pcap.zst': {
    from: 'big.pcap',
    frames: 1_600_000,
    bytes: 0.9e9,
    command: (from, to) => ['zstd', '-q', '-3', '-f', '-o', to, from],
  },
  'big.pcap.lz4': {
    from: 'big.pcap',
    frames: 1_600_000,
    bytes: 1e9,
    command: (from, to) => ['lz4', '-q', '-1', '-f', from, to],
  },
}

const MARGIN_BYTES = 1e9

/** @param {string} name */
export const framesOf = (name) => (GENERATED[name] ?? DERIVED[name]).frames

/**
 * Makes those of the captures that are not there, and what they are made from.
 * @param {string} folder
 * @param {readonly string[]} names
 * @param {(line: string) => void} say
 */
export function makeCaptures(folder, names, say) {
  const wanted = new Set(names.flatMap((name) => [...(DERIVED[name] ? [DERIVED[name].from] : []), name]))
  const missing = [...wanted].filter((name) => !isMade(folder, name))
  const needed = missing.reduce((sum, name) => sum + (GENERATED[name] ?? DERIVED[name]).bytes, 0)
  const { bavail, bsize } = statfsSync(folder)
  if (missing.length > 0 && needed + MARGIN_BYTES > bavail * bsize) {
    throw new Error(`${folder} has ${gigabytes(bavail * bsize)} free; ${missing.join(', ')} need ${gigabytes(needed)}`)
  }
  for (const name of missing) {
    say(`making ${name}`)
    make(folder, name)
  }
}

/** Their pages into the page cache, so that the first contender does not pay for the disk. */
export function warm(folder, names) {
  for (const name of names) spawnSync('cat', [join(folder, name)], { stdio: ['ignore', 'ignore', 'ignore'] })
}

function isMade(folder, name) {
  const path = join(folder, name)
  if (!existsSync(path)) return false
  if (GENERATED[name]) return statSync(path).size === GENERATED[name].bytes
  const source = join(folder, DERIVED[name].from)
  return existsSync(source) && statSync(path).mtimeMs >= statSync(source).mtimeMs
}

function make(folder, name) {
  const path = join(folder, name)
  const part = `${path}.part`
  const [program, ...args] = commandFor(folder, name, part)
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (error || status !== 0) throw new Error(`${name} could not be made: ${error?.message ?? stderr}`)
  const { size } = statSync(part)
  const expected = GENERATED[name]?.bytes
  // Another libm may round pow() and log() otherwise; on one machine it is always the same.
  if (expected && size !== expected) throw new Error(`${name} has ${size} bytes, ${expected} were expected`)
  renameSync(part, path)
}

function commandFor(folder, name, target) {
  const generated = GENERATED[name]
  if (generated) return [compile('gen', folder), '--out', target, ...generated.args.split(' ')]
  const { from, command } = DERIVED[name]
  return command(join(folder, from), target)
}

const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`
