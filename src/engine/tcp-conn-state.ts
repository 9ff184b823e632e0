/**
 * Where the two endpoints of a TCP connection stood at its end → the state of the connection in one word, Zeek's `conn_state`
 * (scripts/base/protocols/conn/main.zeek, 2025-10).
 */
import * as endpoint from '../abi/tcp-layout.ts'

/** In the order in which they are listed where there are several. */
export const CONN_STATES = [
  'SF',
  'S1',
  'S2',
  'S3',
  'S0',
  'REJ',
  'RSTO',
  'RSTR',
  'RSTOS0',
  'RSTRH',
  'SH',
  'SHR',
  'OTH',
] as const

export type ConnState = (typeof CONN_STATES)[number]

export interface Endpoints {
  /** TCP_ENDPOINT_ constants: who began, and who answered. */
  readonly originator: number
  readonly responder: number
  /** One of them sent payload. */
  readonly hasData: boolean
  readonly history: () => string
}

/** A SYN of the originator, nothing else of it that counts, then its RST. */
const SYN_AND_RESET = /^\^?S[^HAFGIQ]*R/

export function connState({ originator, responder, hasData, history }: Endpoints): ConnState {
  const isOpening = originator === endpoint.TCP_ENDPOINT_SYN_SENT || originator === endpoint.TCP_ENDPOINT_SYN_ACK_SENT
  if (responder === endpoint.TCP_ENDPOINT_RESET) {
    if (isOpening || (originator === endpoint.TCP_ENDPOINT_RESET && !hasData)) return 'REJ'
    return isUnknown(originator) ? 'RSTRH' : 'RSTR'
  }
  if (originator === endpoint.TCP_ENDPOINT_RESET) {
    if (!isUnknown(responder)) return 'RSTO'
    return SYN_AND_RESET.test(history()) ? 'RSTOS0' : 'OTH'
  }
  const isClosed = originator === endpoint.TCP_ENDPOINT_CLOSED
  if (responder === endpoint.TCP_ENDPOINT_CLOSED) {
    if (isClosed) return 'SF'
    return isUnknown(originator) ? 'SHR' : 'S3'
  }
  if (isClosed) return isUnknown(responder) ? 'SH' : 'S2'
  if (originator === endpoint.TCP_ENDPOINT_SYN_SENT && responder === endpoint.TCP_ENDPOINT_INACTIVE) return 'S0'
  const areBoth = originator === endpoint.TCP_ENDPOINT_ESTABLISHED && responder === endpoint.TCP_ENDPOINT_ESTABLISHED
  return areBoth ? 'S1' : 'OTH'
}

/** Its beginning was not seen, or nothing at all. */
function isUnknown(state: number): boolean {
  return state === endpoint.TCP_ENDPOINT_INACTIVE || state === endpoint.TCP_ENDPOINT_PARTIAL
}
