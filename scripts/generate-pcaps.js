// Writes the captures of test/pcaps that no network card would record: rare file forms, rare links, damage.
// Usage: node scripts/generate-pcaps.js [folder]     The folder defaults to test/pcaps. The same bytes every time, so
// `git diff --exit-code test/pcaps` after a run says whether the captures are still what the script makes.
//
// The compressed twins come from the programs people use (gzip, zstd, lz4). Another version of them may write other bytes with
// the same meaning; without them the twins stay as they are.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { broken, containers, links, networks, plain, tunnels } from './pcaps/cases.js'

const target = process.argv[2] ?? fileURLToPath(new URL('../test/pcaps', import.meta.url))

function write(folder, files) {
  mkdirSync(join(target, folder), { recursive: true })
  for (const [name, data] of Object.entries(files)) writeFileSync(join(target, folder, name), data)
}

function compress(program, flags, data) {
  const { status, stdout, stderr, error } = spawnSync(program, flags, { input: data })
  if (error) throw error
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
  return stdout
}

const compressors = {
  gz: (data) => compress('gzip', ['-nc9'], data),
  zst: (data) => compress('zstd', ['-qc19', '--check'], data),
  lz4: (data) => compress('lz4', ['-qc9', '-BD', '-B4', '--content-size'], data),
}
/** Four bytes that a zstd or lz4 reader passes over: both formats share the magic numbers 184D2A50 to 184D2A5F. */
const skippable = Buffer.from('502a4d1804000000deadbeef', 'hex')

/** Three parts that end inside a header and inside a packet, each compressed alone: cat of the results is one stream. */
function inParts(ending) {
  const cuts = [0, 30, 20_001, plain.length]
  const parts = cuts.slice(1).map((end, i) => compressors[ending](plain.subarray(cuts[i], end)))
  return ending === 'gz' ? Buffer.concat(parts) : Buffer.concat([parts[0], skippable, ...parts.slice(1)])
}

write('', containers)
write('', links)
write('', networks)
write('', tunnels)
write('broken', broken)
write('compressed', { 'plain.pcap': plain })
for (const ending of Object.keys(compressors)) {
  try {
    const whole = compressors[ending](plain)
    write('compressed', { [`plain.pcap.${ending}`]: whole, [`parts.pcap.${ending}`]: inParts(ending) })
    write('broken', { [`cut.pcap.${ending}`]: whole.subarray(0, Math.floor(whole.length / 2)) })
    if (ending === 'gz') {
      const wrongSum = Buffer.from(whole)
      wrongSum[wrongSum.length - 8] ^= 1
      write('broken', { 'crc-differs.pcap.gz': wrongSum })
    }
  } catch (error) {
    process.stderr.write(`compressed twins (${ending}) not written: ${error.message}\n`)
  }
}
