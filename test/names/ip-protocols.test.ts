import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ipProtocolName } from '../../src/names/ip-protocols.ts'

/** The Keyword column of IANA's Protocol Numbers from 0 on; `-` where it is empty. Spaces are written as `_`. */
const IANA_KEYWORDS = `
  HOPOPT ICMP IGMP GGP IPv4 ST TCP CBT EGP IGP BBN-RCC-MON NVP-II PUP ARGUS EMCON XNET CHAOS UDP MUX DCN-MEAS
  HMP PRM XNS-IDP TRUNK-1 TRUNK-2 LEAF-1 LEAF-2 RDP IRTP ISO-TP4 NETBLT MFE-NSP MERIT-INP DCCP 3PC IDPR XTP DDP
  IDPR-CMTP TP++ IL IPv6 SDRP IPv6-Route IPv6-Frag IDRP RSVP GRE DSR BNA ESP AH I-NLSP SWIPE NARP Min-IPv4 TLSP SKIP
  IPv6-ICMP IPv6-NoNxt IPv6-Opts - CFTP - SAT-EXPAK KRYPTOLAN RVD IPPC - SAT-MON VISA IPCV CPNX CPHB WSN PVP BR-SAT-MON
  SUN-ND WB-MON WB-EXPAK ISO-IP VMTP SECURE-VMTP VINES IPTM NSFNET-IGP DGP TCF EIGRP OSPFIGP Sprite-RPC LARP MTP AX.25
  IPIP MICP SCC-SP ETHERIP ENCAP - GMTP IFMP PNNI PIM ARIS SCPS QNX A/N IPComp SNP Compaq-Peer IPX-in-IP VRRP PGM -
  L2TP DDX IATP STP SRP UTI SMP SM PTP ISIS_over_IPv4 FIRE CRTP CRUDP SSCOPMCE IPLT SPS PIPE SCTP FC RSVP-E2E-IGNORE
  Mobility_Header UDPLite MPLS-in-IP manet HIP Shim6 WESP ROHC Ethernet AGGFRAG NSH Homa BIT-EMU`
  .trim()
  .split(/\s+/)

const RENAMED: Readonly<Record<number, string>> = {
  4: 'IPIP',
  58: 'ICMPv6',
  89: 'OSPF',
  94: 'IP-within-IP',
  124: 'ISIS',
  135: 'Mobility-Header',
  138: 'MANET',
}

test('names are the keywords of the registry but for the renamed ones', () => {
  expect(IANA_KEYWORDS).toHaveLength(148)
  IANA_KEYWORDS.forEach((keyword, number) => {
    const expected = RENAMED[number] ?? (keyword === '-' ? `Proto-${number}` : keyword)
    expect(ipProtocolName(number)).toBe(expected)
  })
})

test('numbers without a name are numbers', () => {
  for (const number of [148, 200, 252, 253, 254, 255, 256, 65535]) {
    expect(ipProtocolName(number)).toBe(`Proto-${number}`)
  }
})

test('no two numbers share a name', () => {
  const names = Array.from({ length: 256 }, (_, number) => ipProtocolName(number))
  expect(new Set(names).size).toBe(256)
})

/** Numbers to which every system's file that we know of gives the same name. */
const AGREED = [1, 2, 3, 6, 8, 12, 17, 20, 22, 27, 29, 36, 41, 46, 47, 50, 51, 81, 88, 97, 98, 103, 108, 112, 115, 132]

test.skipIf(!existsSync('/etc/protocols'))('the system file agrees on what everybody names alike', () => {
  const names = new Map<number, string>()
  for (const line of readFileSync('/etc/protocols', 'utf8').split('\n')) {
    const [name, number] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (name && number && !names.has(Number(number))) names.set(Number(number), name)
  }
  for (const number of AGREED.filter((number) => names.has(number))) {
    expect(ipProtocolName(number).toLowerCase()).toBe(names.get(number)?.toLowerCase())
  }
})
