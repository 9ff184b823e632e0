import { expect, it } from 'vitest'
import * as endpoint from '../../src/abi/tcp-layout.ts'
import { type ConnState, connState } from '../../src/engine/tcp-conn-state.ts'

const STATES = {
  inactive: endpoint.TCP_ENDPOINT_INACTIVE,
  partial: endpoint.TCP_ENDPOINT_PARTIAL,
  syn: endpoint.TCP_ENDPOINT_SYN_SENT,
  'syn ack': endpoint.TCP_ENDPOINT_SYN_ACK_SENT,
  established: endpoint.TCP_ENDPOINT_ESTABLISHED,
  closed: endpoint.TCP_ENDPOINT_CLOSED,
  reset: endpoint.TCP_ENDPOINT_RESET,
} as const
const NAMES = Object.keys(STATES) as (keyof typeof STATES)[]

/** zeek/scripts/base/protocols/conn/main.zeek, function conn_state, as a table: originators down, responders across. */
const TABLE: Readonly<Record<keyof typeof STATES, readonly ConnState[]>> = {
  //           inactive partial syn     syn ack  established closed reset
  inactive: ['OTH', 'OTH', 'OTH', 'OTH', 'OTH', 'SHR', 'RSTRH'],
  partial: ['OTH', 'OTH', 'OTH', 'OTH', 'OTH', 'SHR', 'RSTRH'],
  syn: ['S0', 'OTH', 'OTH', 'OTH', 'OTH', 'S3', 'REJ'],
  'syn ack': ['OTH', 'OTH', 'OTH', 'OTH', 'OTH', 'S3', 'REJ'],
  established: ['OTH', 'OTH', 'OTH', 'OTH', 'S1', 'S3', 'RSTR'],
  closed: ['SH', 'SH', 'S2', 'S2', 'S2', 'SF', 'RSTR'],
  reset: ['RSTOS0', 'RSTOS0', 'RSTO', 'RSTO', 'RSTO', 'RSTO', 'RSTR'],
}

it.each(NAMES)('an originator that is %s', (name) => {
  const words = NAMES.map((responder) =>
    connState({
      originator: STATES[name],
      responder: STATES[responder],
      hasData: true,
      history: () => 'SR',
    }),
  )
  expect(words).toEqual(TABLE[name])
})

it('both reset: refused when nothing was sent', () => {
  const both = { originator: STATES.reset, responder: STATES.reset, history: () => 'SrR' }
  expect(connState({ ...both, hasData: false })).toBe('REJ')
  expect(connState({ ...both, hasData: true })).toBe('RSTR')
})

it('a reset without an answer: behind its own SYN, and behind something else', () => {
  const alone = { originator: STATES.reset, responder: STATES.inactive, hasData: false }
  expect(connState({ ...alone, history: () => '^SR' })).toBe('RSTOS0')
  expect(connState({ ...alone, history: () => 'SAR' })).toBe('OTH')
  expect(connState({ ...alone, history: () => 'R' })).toBe('OTH')
})
