// Rows a second, of the whole process: what is read and counted before the rows come is in the time.

/** @typedef {import('../lib/works.js').Work} Work */

const ROWS_PER_SECOND = 1_000_000
const countsRows = true

/** @type {Work} */
export const rows = {
  id: 'rows',
  title: 'Rows of `analyze` to /dev/null: many-flows.pcap, a row for each flow of each second',
  captures: ['many-flows.pcap'],
  contenders: ({ netkit }) => {
    const job = ['analyze', 'many-flows.pcap', '--window', '1', '--by', 'flow', '--format', 'csv']
    return [netkit.command('one', [...job, '--top', '1']), netkit.command('all', job, { countsRows })]
  },
  reference: 'one',
  bars: [{ of: 'all', rowsAtLeast: ROWS_PER_SECOND }],
}

/** @type {Work} */
export const log = {
  id: 'log',
  title: 'Rows of `log` to /dev/null: small.pcap, a row for each of 8 M frames',
  captures: ['small.pcap', 'small-tenth.pcap'],
  contenders: ({ netkit, peers }) => [
    netkit.command('csv', ['log', 'small.pcap', '--format', 'csv'], { countsRows }),
    netkit.command('text', ['log', 'small.pcap', '--format', 'text']),
    netkit.command('jsonl', ['log', 'small.pcap', '--format', 'jsonl']),
    peers.tcpdump('small.pcap', 'small-tenth.pcap'),
  ],
  reference: 'csv',
  bars: [
    { of: 'csv', rowsAtLeast: ROWS_PER_SECOND },
    { of: 'csv', aheadOf: 'tcpdump' },
  ],
}
