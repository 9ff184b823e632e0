/** A capture small enough to reckon every number of a report by hand. */
import { type PcapRecord, pcap } from './build-capture.ts'
import { concat, ethernet, hex, ipv4, ipv6, tcp, udp, vlan } from './build-frame.ts'

/** 2025-11-03 10:00:05 UTC. */
export const START_SECONDS = 1762164005

const HOST = '10.0.0.1'
const SERVER = '90.130.70.73'

const request = ethernet(
  0x0800,
  ipv4(
    { protocol: 6, source: HOST, destination: SERVER },
    tcp({ sourcePort: 40000, destinationPort: 443 }, new Uint8Array(46)),
  ),
)
const answer = ethernet(
  0x0800,
  ipv4(
    { protocol: 6, source: SERVER, destination: HOST },
    tcp({ sourcePort: 443, destinationPort: 40000 }, new Uint8Array(946)),
  ),
)
const multicast = ethernet(
  0x0800,
  ipv4(
    { protocol: 17, source: HOST, destination: '224.0.0.251' },
    udp({ sourcePort: 5353, destinationPort: 5353 }, new Uint8Array(58)),
  ),
)
const tagged = ethernet(
  0x8100,
  vlan(
    { vid: 10, type: 0x86dd },
    ipv6(
      { nextHeader: 17, source: 'fe80::1', destination: 'ff02::fb' },
      udp({ destinationPort: 53 }, new Uint8Array(134)),
    ),
  ),
)
const arp = concat(
  hex('ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002'),
  new Uint8Array(18),
)

/**
 *      0.0 s  10.0.0.1 → 90.130.70.73   TCP 443    100 bytes (IP  86, payload  46)
 *      0.5 s  90.130.70.73 → 10.0.0.1   TCP 443   1000 bytes (IP 986, payload 946)
 *      1.0 s  10.0.0.1 → 224.0.0.251    UDP 5353   100 bytes (IP  86, payload  58)
 *      6.0 s  fe80::1 → ff02::fb        UDP 53     200 bytes (IP 182, payload 134), VLAN 10
 *      7.0 s  02:…:01 → ff:…:ff         ARP         60 bytes (no IP)
 *     31.0 s  90.130.70.73 → 10.0.0.1   TCP 443   1000 bytes (IP 986, payload 946)
 */
export const sampleRecords: readonly PcapRecord[] = [
  { at: 0, data: request },
  { at: 0.5, data: answer },
  { at: 1, data: multicast },
  { at: 6, data: tagged },
  { at: 7, data: arp },
  { at: 31, data: answer },
].map(({ at, data }) => ({ seconds: START_SECONDS + Math.floor(at), fraction: (at % 1) * 1e6, data }))

export const sampleCapture: Buffer = pcap(sampleRecords)
