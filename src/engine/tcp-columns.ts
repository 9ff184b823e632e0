/** The columns of TCP health: what each is called, and where its number comes from. */
import * as layout from '../abi/tcp-layout.ts'
import type { ExtraColumn } from './records.ts'

/** Of connections, by name; of flows, by place in a row of the module. */
export type TcpSource = 'connections' | 'state' | 'history' | 'handshake' | 'rttMin' | 'rttMean' | 'rttMax' | number

export interface TcpColumn extends ExtraColumn {
  readonly source: TcpSource
  /** Shown to people too, whose lines are short. */
  readonly isBrief: boolean
}

function column(name: string, title: string, kind: ExtraColumn['kind'], source: TcpSource, isBrief = false): TcpColumn {
  return { name, title, kind, source, isBrief }
}

export const TCP_COLUMNS: readonly TcpColumn[] = [
  column('connections', 'conns', 'count', 'connections'),
  column('conn_state', 'state', 'text', 'state', true),
  column('handshake_rtt_ms', 'iRTT', 'milliseconds', 'handshake', true),
  column('rtt_min_ms', 'rtt min', 'milliseconds', 'rttMin'),
  column('rtt_mean_ms', 'rtt', 'milliseconds', 'rttMean', true),
  column('rtt_max_ms', 'rtt max', 'milliseconds', 'rttMax'),
  column('retransmissions', 'retrans', 'count', layout.TCP_RETRANSMISSIONS, true),
  column('fast_retransmissions', 'fast', 'count', layout.TCP_FAST_RETRANSMISSIONS),
  column('spurious_retransmissions', 'spurious', 'count', layout.TCP_SPURIOUS_RETRANSMISSIONS),
  column('out_of_order', 'ooo', 'count', layout.TCP_OUT_OF_ORDER, true),
  column('duplicate_acks', 'dup ack', 'count', layout.TCP_DUPLICATE_ACKS, true),
  column('lost_segments', 'lost', 'count', layout.TCP_LOST_SEGMENTS, true),
  column('acked_unseen', 'unseen', 'count', layout.TCP_ACKED_UNSEEN),
  column('zero_windows', 'zero win', 'count', layout.TCP_ZERO_WINDOWS, true),
  column('window_fulls', 'full win', 'count', layout.TCP_WINDOW_FULLS),
  column('keep_alives', 'keep-alive', 'count', layout.TCP_KEEP_ALIVES),
  column('resets', 'resets', 'count', layout.TCP_RESETS, true),
  column('history', 'history', 'text', 'history'),
]

/** Those that are shown: all of them to machines; to people the brief ones, and those that are asked for by name. */
export function tcpColumns(isForPeople: boolean, asked: readonly string[]): readonly TcpColumn[] {
  if (!isForPeople) return TCP_COLUMNS
  return TCP_COLUMNS.filter(({ isBrief, name, title }) => isBrief || asked.includes(name) || asked.includes(title))
}
