import { expect, test } from 'vitest'
import { parseCaptureCounts } from '../../src/node/capture-counts.ts'

// Recorded from dumpcap and tshark 4.0.17, tcpdump 4.99.3.
test.each([
  [
    "Packets received/dropped on interface 'va': 399260/80741 (pcap:80000/dumpcap:741/flushed:0/ps_ifdrop:0) (83.2%)\n",
    399260,
    80741,
    [[399260, 80741]],
  ],
  [
    "Packets received/dropped on interface 'va': 100/3 (pcap:0/dumpcap:3/flushed:0/ps_ifdrop:0) (97.1%)\nPackets received/dropped on interface 'Loopback: lo': 20/0 (pcap:0/dumpcap:0/flushed:0/ps_ifdrop:0) (100.0%)\n",
    120,
    3,
    [
      [100, 3],
      [20, 0],
    ],
  ],
  ['tshark: \n399260 packets captured\n80741 packets dropped from va\n', 399260, 80741, []],
  ['tshark: \n1 packet captured\n', 1, 0, []],
  [
    '849 packets captured\n10001 packets received by filter\n12 packets dropped by kernel\n3 packets dropped by interface\n',
    849,
    15,
    [],
  ],
  ['1 packet captured\n1 packet received by filter\n1 packet dropped by kernel\n', 1, 1, []],
  ["Capturing on 'va'\nFile: -\n", null, null, []],
] as const)('%#', (stderr, received, dropped, each) => {
  const interfaces = each.map(([received, dropped]) => ({ received, dropped }))
  expect(parseCaptureCounts(stderr)).toEqual({ received, dropped, interfaces })
})
