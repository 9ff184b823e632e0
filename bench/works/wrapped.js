// The same frames as in big.pcap, in other wrappings: pcapng, gzip, zstd, lz4.

/** @typedef {import('../lib/works.js').Work} Work */

/** @type {Work} */
export const pcapng = {
  id: 'pcapng',
  title: 'big.pcapng: the frames of big.pcap',
  captures: ['big.pcap', 'big.pcapng'],
  contenders: ({ netkit, peers }) => [
    netkit.analyze('plain', 'netkit, big.pcap', 'big.pcap'),
    netkit.analyze('plain-1', 'netkit, big.pcap, one job', 'big.pcap', { jobs: 1 }),
    ...netkit.bothWays('big.pcapng'),
    peers.cOnLibpcap('big.pcapng'),
    peers.tcpdumpCount('big.pcapng'),
    peers.capinfosCounts('big.pcapng'),
    peers.capinfos('big.pcapng'),
    peers.tshark('big.pcapng'),
  ],
  reference: 'plain',
  bars: [
    { of: 'netkit-1', to: ['plain-1'], atMost: 1.15 },
    { of: 'netkit', to: ['plain'], atMost: 1.15 },
    { of: 'netkit', aheadOf: 'tshark' },
    { of: 'netkit', aheadOf: 'capinfos' },
    { of: 'netkit', aheadOf: 'capinfos-c' },
    { of: 'netkit', aheadOf: 'tcpdump-count' },
  ],
}

/** @type {Work} */
export const gzip = {
  id: 'gzip',
  title: 'big.pcap.gz: gzip -6 of big.pcap',
  captures: ['big.pcap.gz'],
  contenders: ({ netkit, peers }) => [
    peers.decompressor('gzip', 'big.pcap.gz'),
    peers.nodeZlib('big.pcap.gz'),
    ...netkit.bothWays('big.pcap.gz'),
    peers.capinfosCounts('big.pcap.gz'),
    peers.capinfos('big.pcap.gz'),
    peers.tshark('big.pcap.gz'),
  ],
  reference: 'zlib',
  bars: [
    { of: 'netkit', to: ['gzip', 'zlib'], atMost: 1.15 },
    { of: 'netkit', aheadOf: 'tshark' },
    { of: 'netkit', aheadOf: 'capinfos' },
    { of: 'netkit', aheadOf: 'capinfos-c' },
  ],
}

/** @type {Work} */
export const zstd = {
  id: 'zstd',
  title: 'big.pcap.zst: zstd -3 of big.pcap',
  captures: ['big.pcap.zst'],
  contenders: ({ netkit, peers }) => [
    peers.decompressor('zstd', 'big.pcap.zst'),
    ...netkit.bothWays('big.pcap.zst'),
    netkit.onNode24('big.pcap.zst'),
    peers.capinfosCounts('big.pcap.zst'),
    peers.capinfos('big.pcap.zst'),
    peers.tshark('big.pcap.zst'),
  ],
  reference: 'zstd',
  bars: [
    { of: 'netkit-24', to: ['zstd'], atMost: 2 },
    { of: 'netkit', to: ['zstd'] },
    { of: 'netkit', aheadOf: 'tshark' },
    { of: 'netkit', aheadOf: 'capinfos' },
    { of: 'netkit', aheadOf: 'capinfos-c' },
  ],
}

/** @type {Work} */
export const lz4 = {
  id: 'lz4',
  title: 'big.pcap.lz4: lz4 -1 of big.pcap',
  captures: ['big.pcap.lz4'],
  contenders: ({ netkit, peers }) => [
    peers.decompressor('lz4', 'big.pcap.lz4'),
    ...netkit.bothWays('big.pcap.lz4'),
    peers.capinfosCounts('big.pcap.lz4'),
    peers.capinfos('big.pcap.lz4'),
    peers.tshark('big.pcap.lz4'),
  ],
  reference: 'lz4',
  bars: [
    { of: 'netkit', to: ['lz4'] },
    { of: 'netkit', aheadOf: 'tshark' },
    { of: 'netkit', aheadOf: 'capinfos' },
    { of: 'netkit', aheadOf: 'capinfos-c' },
  ],
}
