// The others as contenders: the C program, what only reads, and the tools that people use today.
import { fileURLToPath } from 'node:url'
import { framesOf } from './captures.js'

/** @typedef {import('./contenders.js').Contender} Contender */

const WINDOW_US = '5000000'
const script = (name) => fileURLToPath(new URL(`../peers/${name}`, import.meta.url))

/** The first number behind a text. */
const numberBehind = (text) => (stdout) => Number(/\d+/.exec(stdout.slice(stdout.indexOf(text) + text.length))?.[0])
const sumOfLines = (stdout) => stdout.split('\n').reduce((sum, line) => sum + Number(line), 0)

/** @param {import('./tools.js').Tools} tools */
export function peerContenders(tools) {
  const missing = tools.missing
  const counting = (capture, text) => ({ framesIn: numberBehind(text), frames: framesOf(capture) })
  const node = process.execPath

  /**
   * Slow ones run once; with a tenth of the capture, on that.
   * @returns {Contender}
   */
  const slow = (id, label, command, capture, tenth) => {
    const scale = tenth === undefined ? 1 : framesOf(capture) / framesOf(tenth)
    const labelled = scale === 1 ? label : `${label} (1/${scale} of the frames × ${scale})`
    return { id, label: labelled, command: [...command, tenth ?? capture], missing: missing(id), slow: true, scale }
  }

  const c = (id, label, input) => (capture) => ({
    id,
    label,
    command: [tools.copt, 'win', input, capture, WINDOW_US],
    missing: missing('copt'),
    ...counting(capture, 'pkts='),
  })

  const capinfos = (id, label, ...flags) => {
    const command = ['capinfos', '-M', ...flags]
    return (capture) => ({
      id,
      label,
      command: [...command, capture],
      missing: missing('capinfos'),
      ...counting(capture, 'Number of packets:'),
    })
  }

  return {
    c: c('c', 'C program', 'readB'),
    cOnLibpcap: c('c-libpcap', 'C program on libpcap', 'pcap'),
    capinfos: capinfos('capinfos', '`capinfos`'),
    capinfosCounts: capinfos('capinfos-c', '`capinfos -c` (counts only)', '-c'),
    cat: (capture) => ({ id: 'cat', label: '`cat`', command: ['cat', capture] }),
    nodeRead: (capture) => ({ id: 'read', label: 'Node, readSync only', command: [node, script('read.js'), capture] }),
    nodeZlib: (capture) => ({ id: 'zlib', label: 'Node’s zlib only', command: [node, script('gunzip.js'), capture] }),
    /** gzip, zstd, lz4. */
    decompressor: (name, capture) => ({
      id: name,
      label: `\`${name} -dc\``,
      command: [name, '-dc', capture],
      missing: missing(name),
    }),
    tcpdumpCount: (capture) => ({
      id: 'tcpdump-count',
      label: '`tcpdump -r --count` (counts only)',
      command: ['tcpdump', '-nn', '--count', '-r', capture],
      missing: missing('tcpdump'),
      ...counting(capture, ''),
    }),
    tcpstat: (capture) => ({
      id: 'tcpstat',
      label: '`tcpstat -r` (totals of windows only)',
      command: ['tcpstat', '-r', capture, '-o', '%n\\n', '5'],
      missing: missing('tcpstat'),
      framesIn: sumOfLines,
      frames: framesOf(capture),
    }),
    tcpdump: (capture, tenth) => slow('tcpdump', '`tcpdump -nn -r`', ['tcpdump', '-nn', '-r'], capture, tenth),
    tshark: (capture, tenth) =>
      slow('tshark', '`tshark -q -z conv,ip`', ['tshark', '-n', '-q', '-z', 'conv,ip', '-r'], capture, tenth),
    tsharkVersion: () => ({
      id: 'tshark-version',
      label: '`tshark --version`',
      command: ['tshark', '--version'],
      missing: missing('tshark'),
    }),
    pcapParser: (capture) => ({
      ...slow('pcap-parser', 'npm `pcap-parser` (records only)', [node, script('pcap-parser.js')], capture),
      ...counting(capture, ''),
    }),
    dpkt: (capture) => ({
      ...slow('dpkt', 'Python, dpkt', [tools.python, script('dpkt-windows.py')], capture),
      ...counting(capture, ''),
    }),
  }
}
