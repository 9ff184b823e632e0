/** A DNS server on 127.0.0.1, over UDP, that answers as a test wants and counts what it is asked. */
import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, decode, encode } from 'dns-packet'
import { onTestFinished } from 'vitest'

export interface Reply {
  /** Names of PTR records, of the name that was asked about. */
  readonly names?: readonly string[]
  /** Any records, in place of names. */
  readonly answers?: readonly Answer[]
  /** RFC 1035 §4.1.1: 2 server failure, 3 no such name, 5 refused. */
  readonly rcode?: number
  readonly afterMs?: number
}

export interface DnsServer {
  /** As Resolver.setServers takes it. */
  readonly address: string
  /** The names asked about, in the order they came. */
  readonly questions: readonly string[]
}

/** `reply` gives null to stay silent. The server ends with the test. */
export async function startDnsServer(reply: (name: string) => Reply | null): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const questions: string[] = []
  let open = true
  socket.on('message', async (message, { port, address }) => {
    const { id, questions: asked = [] } = decode(message)
    const { name, type } = asked[0]!
    if (type !== 'PTR') throw new Error(`asked for ${type}`)
    questions.push(name)
    const answer = reply(name)
    if (answer === null) return
    if (answer.afterMs !== undefined) await sleep(answer.afterMs)
    const answers =
      answer.answers ?? (answer.names ?? []).map((data) => ({ type: 'PTR' as const, name, ttl: 60, data }))
    // QR, RD and RA set; the code is in the low four bits.
    const flags = 0x0180 | (answer.rcode ?? 0)
    if (open)
      socket.send(encode({ type: 'response', id: id!, flags, questions: asked, answers: [...answers] }), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    open = false
    socket.close()
  })
  return { address: `127.0.0.1:${(socket.address() as AddressInfo).port}`, questions }
}
