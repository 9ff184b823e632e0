/**
 * ICMP messages that are answered, and the type of the answer: RFC 792, RFC 950, RFC 1256; RFC 4443, RFC 2710, RFC 4861, RFC 4620,
 * RFC 6275. The pairs are those that Zeek and Community ID v1 have, so that one question and its answer are one flow for all of them.
 */
const PROTOCOL_ICMP = 1
const PROTOCOL_ICMPV6 = 58

/** The type of the message that answers, or is answered by, one of `type`; -1 where messages stand alone. */
export function icmpAnswer(protocol: i32, type: i32): i32 {
  if (protocol === PROTOCOL_ICMP) {
    switch (type) {
      case 8:
        return 0
      case 0:
        return 8
      case 10:
        return 9
      case 9:
        return 10
      case 13:
      case 15:
      case 17:
        return type + 1
      case 14:
      case 16:
      case 18:
        return type - 1
    }
  } else if (protocol === PROTOCOL_ICMPV6) {
    switch (type) {
      case 128:
      case 130:
      case 133:
      case 135:
      case 139:
      case 144:
        return type + 1
      case 129:
      case 131:
      case 134:
      case 136:
      case 140:
      case 145:
        return type - 1
    }
  }
  return -1
}

/** ICMP or ICMPv6, by IANA number. */
export function isIcmp(protocol: i32): boolean {
  return protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6
}
