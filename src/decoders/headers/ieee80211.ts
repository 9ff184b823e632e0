/** IEEE 802.11 header bytes → {@link Ieee80211Header}. */
import { read8, readLittle16 } from '../bytes.ts'
import {
  ADDRESS_1,
  ADDRESS_2,
  ADDRESS_3,
  ADDRESS_4,
  ADDRESS_4_LEN,
  AGGREGATE_PRESENT,
  DURATION,
  FRAME_CONTROL,
  FROM_DS,
  HT_CONTROL_LEN,
  IEEE80211_MIN_DATA_HEADER_LEN,
  ONE_ADDRESS_HEADER_LEN,
  ORDER,
  PROTECTED,
  QOS_CONTROL_LEN,
  SEQUENCE_CONTROL,
  SUBTYPE_ACK,
  SUBTYPE_CTS,
  SUBTYPE_QOS,
  TO_DS,
  TWO_ADDRESSES_HEADER_LEN,
  TYPE_CONTROL,
  TYPE_DATA,
} from '../ieee80211.ts'
import type { Header } from './header.ts'
import { readMac } from './read-bytes.ts'

/** IEEE 802.11-2020 §9.2.3. Addresses as text; those that the type of frame does not have are null. */
export interface Ieee80211Header extends Header<'ieee80211'> {
  /** 0 management, 1 control, 2 data, 3 extension. */
  readonly type: number
  readonly subtype: number
  readonly toDs: boolean
  readonly fromDs: boolean
  readonly protected: boolean
  readonly duration: number
  /** By position; their meaning depends on type and DS bits. null where the form of the frame has none. */
  readonly address1: string
  readonly address2: string | null
  readonly address3: string | null
  readonly address4: string | null
  readonly sequenceNumber: number | null
  readonly fragmentNumber: number | null
  /** null outside QoS data frames. */
  readonly qosControl: number | null
  /** The body is an A-MSDU: frames with a header of 14 bytes each, of which the first is followed. */
  readonly aggregate: boolean
}

/** `end`: of the bytes there are. Behind the addresses the walk reads only what it follows, so QoS may be cut off. */
export function readIeee80211Header(at: number, end: number): Ieee80211Header {
  const control = readLittle16(at + FRAME_CONTROL)
  const type = (control >> 2) & 3
  const subtype = (control >> 4) & 15
  const start = {
    layer: 'ieee80211',
    offset: at,
    type,
    subtype,
    toDs: (control & TO_DS) !== 0,
    fromDs: (control & FROM_DS) !== 0,
    protected: (control & PROTECTED) !== 0,
    duration: readLittle16(at + DURATION),
    address1: readMac(at + ADDRESS_1),
  } as const
  if (type === TYPE_CONTROL) return { ...start, ...readControlFrame(at, subtype) }

  const hasAddress4 = type === TYPE_DATA && start.toDs && start.fromDs
  const isQos = type === TYPE_DATA && (subtype & SUBTYPE_QOS) !== 0
  const qosAt = at + IEEE80211_MIN_DATA_HEADER_LEN + (hasAddress4 ? ADDRESS_4_LEN : 0)
  const qosLength = isQos ? QOS_CONTROL_LEN + ((control & ORDER) !== 0 ? HT_CONTROL_LEN : 0) : 0
  const hasQos = isQos && qosAt + QOS_CONTROL_LEN <= end
  const sequence = readLittle16(at + SEQUENCE_CONTROL)
  return {
    ...start,
    headerLength: Math.min(qosAt + qosLength, end) - at,
    address2: readMac(at + ADDRESS_2),
    address3: readMac(at + ADDRESS_3),
    address4: hasAddress4 ? readMac(at + ADDRESS_4) : null,
    sequenceNumber: sequence >> 4,
    fragmentNumber: sequence & 15,
    qosControl: hasQos ? readLittle16(qosAt) : null,
    aggregate: hasQos && (read8(qosAt) & AGGREGATE_PRESENT) !== 0,
  }
}

function readControlFrame(at: number, subtype: number) {
  const hasAddress2 = subtype !== SUBTYPE_CTS && subtype !== SUBTYPE_ACK
  return {
    headerLength: hasAddress2 ? TWO_ADDRESSES_HEADER_LEN : ONE_ADDRESS_HEADER_LEN,
    address2: hasAddress2 ? readMac(at + ADDRESS_2) : null,
    address3: null,
    address4: null,
    sequenceNumber: null,
    fragmentNumber: null,
    qosControl: null,
    aggregate: false,
  }
}
