/**
 * The name under which DNS keeps an address → the names of its PTR records, over UDP (RFC 1035 §4).
 *
 * Node's own resolver does not tell which ports it asks from. This one asks from one port for each address family, the same
 * for its whole life, so that a capture on this machine can leave its questions and answers out (lookup-filter.ts).
 */
import { randomInt } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import dns from 'node:dns'
import { type DecodedPacket, decode, encode } from 'dns-packet'
import ipaddr from 'ipaddr.js'

export interface DnsClientOptions {
  /** `192.0.2.53`, `127.0.0.1:5353`, `[2001:db8::53]:5353`; without them those that this machine is set up with. */
  readonly servers?: readonly string[]
  /** How long each server is given for an answer; it is asked once, then the next one. */
  readonly timeoutMs?: number
}

/** Between which two sockets questions and answers go. */
export interface DnsPath {
  /** Of the server, canonical, without a zone. */
  readonly address: string
  readonly port: number
  readonly localPort: number
}

/** Its sockets and timers keep no process alive. */
export interface DnsClient {
  /**
   * In the order of the answer, as the server wrote them; none when there is no such name. Rejects when no server answers, and
   * when too many questions are under way. A truncated answer is none.
   */
  resolvePtr(question: string): Promise<string[]>
  /** One for each server that can be asked; settles when the ports are open. */
  paths(): Promise<readonly DnsPath[]>
  /** Whoever waits for an answer is rejected, as is whoever asks later. */
  close(): void
}

interface Server {
  /** As sockets want it, with the zone. */
  readonly host: string
  readonly address: string
  readonly port: number
  readonly socket: Socket
  readonly localPort: number
}

interface Question {
  readonly server: Server
  readonly name: string
  /** The first call counts. */
  readonly answer: (names: string[] | Error) => void
}

type Family = 4 | 6

/** PTR lookups often walk through servers of three continents. */
const TIMEOUT_MS = 2000
const MAX_UNDER_WAY = 256
/** RFC 1035 §4.2.1: what is longer is truncated, unless the question says otherwise (EDNS), which ours does not. */
const MAX_MESSAGE = 512
const DNS_PORT = 53
/** RFC 1035 §4.1.1: recursion desired. */
const RECURSION_DESIRED = 0x0100

export function createDnsClient({
  servers = dns.getServers(),
  timeoutMs = TIMEOUT_MS,
}: DnsClientOptions = {}): DnsClient {
  const underWay = new Map<number, Question>()
  const sockets = new Map<Family, Promise<Socket | null>>()
  let closed = false
  /** The server that answered last is asked first. */
  let first = 0

  const opening = Promise.all(servers.map(openServer)).then((all) => all.filter((server) => server !== null))

  async function openServer(text: string): Promise<Server | null> {
    const parsed = parseServer(text)
    if (parsed === null) return null
    let opened = sockets.get(parsed.family)
    if (opened === undefined) {
      opened = openSocket(parsed.family, receive)
      sockets.set(parsed.family, opened)
    }
    const socket = await opened
    return socket === null ? null : { ...parsed, socket, localPort: socket.address().port }
  }

  function receive(message: Uint8Array, from: RemoteInfo): void {
    if (message.length < 2 || message.length > MAX_MESSAGE) return
    const question = underWay.get((message[0]! << 8) | message[1]!)
    if (question === undefined) return
    const { server, name, answer } = question
    if (from.port !== server.port || canonical(from.address) !== server.address) return
    const packet = decodeAnswer(message, name)
    if (packet !== null) answer(packet.flag_tc ? new Error('truncated') : namesOf(packet, name))
  }

  function ask(server: Server, name: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      let id = randomInt(0x10000)
      while (underWay.has(id)) id = randomInt(0x10000)
      const question: Question = {
        server,
        name,
        answer(names) {
          if (underWay.get(id) !== question) return
          underWay.delete(id)
          clearTimeout(timer)
          if (names instanceof Error) reject(names)
          else resolve(names)
        },
      }
      const timer = setTimeout(() => question.answer(new Error(`${server.address} does not answer`)), timeoutMs)
      timer.unref()
      underWay.set(id, question)
      const message = encode({
        type: 'query',
        id,
        flags: RECURSION_DESIRED,
        questions: [{ type: 'PTR', class: 'IN', name }],
      })
      server.socket.send(message, server.port, server.host, (error) => error && question.answer(error))
    })
  }

  return {
    async resolvePtr(question) {
      const all = await opening
      let reason: unknown = new Error('no DNS server')
      const start = first
      for (let i = 0; i < all.length; i++) {
        if (closed) throw new Error('closed')
        if (underWay.size >= MAX_UNDER_WAY) throw new Error('too many questions')
        const index = (start + i) % all.length
        try {
          const names = await ask(all[index]!, question)
          first = index
          return names
        } catch (error) {
          reason = error
        }
      }
      throw reason
    },
    async paths() {
      return (await opening).map(({ address, port, localPort }) => ({ address, port, localPort }))
    },
    close() {
      if (closed) return
      closed = true
      for (const { answer } of [...underWay.values()]) answer(new Error('closed'))
      for (const opened of sockets.values()) void opened.then((socket) => socket?.close())
    },
  }
}

/** Null when this machine does not have the family. */
function openSocket(family: Family, receive: (message: Uint8Array, from: RemoteInfo) => void): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6', ipv6Only: family === 6 })
    // After it is bound: Windows tells that an earlier datagram came back. The question's time runs out as it is.
    socket.on('error', () => resolve(null))
    socket.on('message', receive)
    socket.bind(0, () => {
      socket.unref()
      resolve(socket)
    })
  })
}

const SERVER = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+))(?::(?<port>\d{1,5}))?$/

/** What dns.getServers() gives; null for anything else. */
function parseServer(text: string): { host: string; address: string; port: number; family: Family } | null {
  const { v6, v4, port = DNS_PORT } = SERVER.exec(text)?.groups ?? {}
  const host = v6 ?? v4 ?? text
  const address = canonical(host)
  if (address === null) return null
  return { host, address, port: Number(port), family: address.includes(':') ? 6 : 4 }
}

function canonical(host: string): string | null {
  const [address] = host.split('%')
  return ipaddr.isValid(address!) ? ipaddr.parse(address!).toString() : null
}

/** Null unless it is a server's answer to that question. NXDOMAIN is one; a server that failed or refuses gave none. */
function decodeAnswer(message: Uint8Array, name: string): DecodedPacket | null {
  try {
    const packet = decode(Buffer.from(message.buffer, message.byteOffset, message.length))
    const [question] = packet.questions ?? []
    const fits =
      packet.flag_qr && packet.questions?.length === 1 && question?.type === 'PTR' && sameName(question.name, name)
    return fits ? packet : null
  } catch {
    // Damaged, or forged.
    return null
  }
}

/** The records of the name, or of the one that it is an alias of (RFC 2317). */
function namesOf(packet: DecodedPacket, question: string): string[] | Error {
  const { rcode } = packet as DecodedPacket & { rcode: string }
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return new Error(rcode)
  const names: string[] = []
  let owner = question
  // Resolvers write an alias before what it stands for.
  for (const record of packet.answers ?? []) {
    if (!sameName(record.name, owner)) continue
    if (record.type === 'CNAME') owner = record.data
    else if (record.type === 'PTR') names.push(record.data)
  }
  return names
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
