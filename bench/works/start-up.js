// What a command costs before it has anything to do.

/** @type {import('../lib/works.js').Work} */
export const startUp = {
  id: 'start-up',
  title: 'Start-up: tiny.pcap has 100 frames',
  captures: ['tiny.pcap'],
  // a tenth of a second each: the median wants more of them
  roundsFactor: 4,
  contenders: ({ netkit, peers }) => [
    { id: 'node', label: '`node -e 0`', command: [process.execPath, '-e', '0'] },
    netkit.command('version', ['--version']),
    netkit.command('tiny', ['analyze', 'tiny.pcap']),
    netkit.command('help', ['analyze', '--help']),
    peers.tsharkVersion(),
  ],
  reference: 'node',
  bars: [
    { of: 'version', to: ['node'], atMost: 2 },
    { of: 'tiny', to: ['node'], atMost: 3.5 },
  ],
}
