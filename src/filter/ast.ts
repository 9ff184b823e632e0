/** What a filter expression says: the tree between the parser (parse.ts) and the generator (generate.ts). */
import type { Place } from './filter-error.ts'

export type Protocol =
  | 'link'
  | 'ip'
  | 'arp'
  | 'rarp'
  | 'sctp'
  | 'tcp'
  | 'udp'
  | 'icmp'
  | 'igmp'
  | 'igrp'
  | 'pim'
  | 'vrrp'
  | 'carp'
  | 'ip6'
  | 'icmp6'
  | 'ah'
  | 'esp'
  | 'atalk'
  | 'aarp'
  | 'decnet'
  | 'lat'
  | 'sca'
  | 'moprc'
  | 'mopdl'
  | 'iso'
  | 'esis'
  | 'isis'
  | 'l1'
  | 'l2'
  | 'iih'
  | 'lsp'
  | 'snp'
  | 'csnp'
  | 'psnp'
  | 'clnp'
  | 'stp'
  | 'ipx'
  | 'netbeui'
  | 'radio'

export type Direction =
  | 'src'
  | 'dst'
  | 'src or dst'
  | 'src and dst'
  | 'addr1'
  | 'addr2'
  | 'addr3'
  | 'addr4'
  | 'ra'
  | 'ta'

export type Kind = 'host' | 'net' | 'port' | 'portrange' | 'proto' | 'protochain' | 'gateway'

/** What stands before a value, or was inherited by it. Null: not said. */
export interface Qualifiers {
  readonly protocol: Protocol | null
  readonly direction: Direction | null
  readonly kind: Kind | null
}

export type Value =
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'name'; readonly text: string }
  /** Dotted, of two to four numbers. */
  | { readonly type: 'ipv4'; readonly text: string; readonly prefix?: number; readonly mask?: string }
  | { readonly type: 'ipv6'; readonly text: string; readonly prefix?: number }
  | { readonly type: 'mac'; readonly bytes: readonly number[] }

export type Operator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>'
export type Relation = '=' | '!=' | '<' | '<=' | '>' | '>='

export type Arithmetic =
  | { readonly type: 'constant'; readonly number: number; readonly place: Place }
  | { readonly type: 'len'; readonly place: Place }
  | { readonly type: 'negate'; readonly operand: Arithmetic; readonly place: Place }
  | {
      readonly type: 'load'
      readonly protocol: Protocol
      readonly index: Arithmetic
      readonly size: number
      readonly place: Place
    }
  | {
      readonly type: 'operation'
      readonly operator: Operator
      readonly left: Arithmetic
      readonly right: Arithmetic
      readonly place: Place
    }

export type Expression =
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'not'; readonly operand: Expression }
  | Primitive

/** A test that stands for itself. */
export type Primitive = { readonly place: Place } & (
  | { readonly type: 'match'; readonly qualifiers: Qualifiers; readonly value: Value }
  | { readonly type: 'protocol'; readonly protocol: Protocol }
  | {
      readonly type: 'relation'
      readonly relation: Relation
      readonly left: Arithmetic
      readonly right: Arithmetic
    }
  | { readonly type: 'broadcast' | 'multicast'; readonly protocol: Protocol | null }
  | { readonly type: 'less' | 'greater'; readonly length: number }
  | { readonly type: 'byte'; readonly index: number; readonly operator: '=' | '<' | '>'; readonly number: number }
  | { readonly type: 'inbound' | 'outbound' | 'pppoed' }
  | { readonly type: 'ifindex'; readonly number: number }
  | { readonly type: 'vlan' | 'mpls' | 'pppoes'; readonly number: number | null }
  /** Of the first byte of an 802.11 frame, or the second. */
  | { readonly type: 'wlan'; readonly offset: 0 | 1; readonly bits: number; readonly mask: number }
  /** Null: any LLC frame. */
  | { readonly type: 'llc'; readonly control: { readonly bits: number; readonly mask: number } | null }
)
