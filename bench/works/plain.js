// The job on plain pcap files: large frames, small frames, many flows.

/** @typedef {import('../lib/works.js').Work} Work */

const aheadOf = (...ids) => ids.map((id) => ({ of: 'netkit', aheadOf: id }))

/** @type {Work} */
export const big = {
  id: 'big',
  title: 'big.pcap: 1.08 GB, 1.6 M frames, 20 k conversations',
  captures: ['big.pcap'],
  contenders: ({ netkit, peers }) => [
    peers.c('big.pcap'),
    ...netkit.bothWays('big.pcap'),
    netkit.analyze('netkit-2', 'netkit, two jobs', 'big.pcap', { jobs: 2 }),
    netkit.analyze('pair', 'netkit, by pair', 'big.pcap', { by: 'pair' }),
    netkit.analyze('pair-1', 'netkit, by pair, one job', 'big.pcap', { by: 'pair', jobs: 1 }),
    netkit.fromStdin('big.pcap'),
    peers.cOnLibpcap('big.pcap'),
    peers.cat('big.pcap'),
    peers.nodeRead('big.pcap'),
    peers.tcpdumpCount('big.pcap'),
    peers.capinfosCounts('big.pcap'),
    peers.capinfos('big.pcap'),
    peers.tcpstat('big.pcap'),
    peers.tcpdump('big.pcap'),
    peers.tshark('big.pcap'),
    peers.pcapParser('big.pcap'),
    peers.dpkt('big.pcap'),
  ],
  reference: 'c',
  bars: [
    { of: 'netkit-1', to: ['c'], atMost: 2 },
    { of: 'netkit', to: ['c'], atMost: 1.3 },
    { of: 'pair-1', to: ['netkit-1'], atMost: 1.2 },
    { of: 'pair', to: ['netkit'], atMost: 1.2 },
    { of: 'netkit-1', megabytesAtMost: 150 },
    { of: 'netkit-2', megabytesAtMost: 250 },
    ...aheadOf('tshark', 'tcpdump', 'capinfos', 'capinfos-c', 'tcpdump-count'),
  ],
}

/** @type {Work} */
export const small = {
  id: 'small',
  title: 'small.pcap: 0.75 GB, 8 M frames of 64 to 90 bytes, 200 k conversations',
  captures: ['small.pcap', 'small-tenth.pcap'],
  contenders: ({ netkit, peers }) => [
    peers.c('small.pcap'),
    ...netkit.bothWays('small.pcap'),
    peers.cOnLibpcap('small.pcap'),
    peers.cat('small.pcap'),
    peers.tcpdumpCount('small.pcap'),
    peers.capinfosCounts('small.pcap'),
    peers.capinfos('small.pcap'),
    peers.tcpstat('small.pcap'),
    peers.tcpdump('small.pcap', 'small-tenth.pcap'),
    peers.tshark('small.pcap', 'small-tenth.pcap'),
  ],
  reference: 'c',
  bars: [
    { of: 'netkit-1', to: ['c'], atMost: 2 },
    { of: 'netkit', to: ['c'], atMost: 1.2 },
    ...aheadOf('tshark', 'tcpdump', 'capinfos', 'capinfos-c', 'tcpdump-count'),
  ],
}

/** @type {Work} */
export const manyFlows = {
  id: 'many-flows',
  title: 'many-flows.pcap: 0.68 GB, 4 M frames, 2 M conversations, all alive at once',
  captures: ['many-flows.pcap', 'many-flows-tenth.pcap'],
  contenders: ({ netkit, peers }) => [
    peers.c('many-flows.pcap'),
    ...netkit.bothWays('many-flows.pcap'),
    peers.cOnLibpcap('many-flows.pcap'),
    peers.capinfosCounts('many-flows.pcap'),
    peers.capinfos('many-flows.pcap'),
    peers.tcpdumpCount('many-flows.pcap'),
    peers.tcpdump('many-flows.pcap', 'many-flows-tenth.pcap'),
    peers.tshark('many-flows.pcap', 'many-flows-tenth.pcap'),
  ],
  reference: 'c',
  bars: [
    { of: 'netkit-1', to: ['c'], atMost: 2 },
    { of: 'netkit', to: ['c'], atMost: 2 },
    { of: 'netkit-1', megabytesAtMost: 600 },
    { of: 'netkit', megabytesAtMost: 600 },
    ...aheadOf('tshark', 'tcpdump', 'capinfos', 'capinfos-c', 'tcpdump-count'),
  ],
}
