// What a feature costs on big.pcap, beside the same job without it: names and filters in windows, the rest over the whole capture.

/** @typedef {import('../lib/works.js').Work} Work */

const NAMES_COST = 1.1

/** @type {Work} */
export const features = {
  id: 'features',
  title: 'Names and filters: the job on big.pcap with more to do (`-n`: without names)',
  captures: ['big.pcap'],
  contenders: ({ netkit }) => {
    const job = (id, ...flags) =>
      netkit.command(id, ['analyze', 'big.pcap', ...flags, '--window', '5', '--by', 'flow', '--top', '10', '-T', 'csv'])
    return [
      job('numbers', '-n'),
      job('names'),
      job('numbers-1', '-n', '--jobs', '1'),
      job('names-1', '--jobs', '1'),
      job('filter-flow', '-n', '-f', 'tcp and not net 192.168.0.0/16'),
      job('filter-frame', '-n', '-f', 'tcp[tcpflags] & tcp-syn != 0 or greater 1000'),
      job('only', '-n', '--only', 'private'),
    ]
  },
  reference: 'numbers',
  bars: [
    { of: 'names', to: ['numbers'], atMost: NAMES_COST },
    { of: 'names-1', to: ['numbers-1'], atMost: NAMES_COST },
  ],
}

/** @type {Work} */
export const answers = {
  id: 'answers',
  title: 'Answers about the whole of big.pcap (one row each conversation, ten shown; `-n`: without names)',
  captures: ['big.pcap'],
  contenders: ({ netkit }) => {
    const job = (id, ...flags) =>
      netkit.command(id, ['analyze', 'big.pcap', '-n', '--by', 'conversation', '--top', '10', ...flags])
    return [
      job('plain'),
      job('plain-1', '--jobs', '1'),
      job('stats', '--stats'),
      job('burst', '--burst', '1ms', '--link', '1G'),
      job('tcp', '--tcp'),
      job('times', '--times'),
      job('services', '--services'),
      job('community-id', '--community-id'),
      netkit.command('zeek', ['analyze', 'big.pcap', '--format', 'zeek']),
      netkit.command('diff', ['diff', 'big.pcap', 'big.pcap', '-n']),
      netkit.command('report', ['report', 'big.pcap', '-n', '-o', '-']),
    ]
  },
  reference: 'plain',
  bars: [],
}
