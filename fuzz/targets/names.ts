/**
 * Bytes as names: answers of a hostile DNS server, on this machine's loopback, to the client of live; text to terminals; addresses
 * to labels. Nothing that comes out may hold a control character, and every question is answered or refused.
 */
import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { type Answer, decode, encode } from 'dns-packet'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { printable } from '../../src/loggers/printable.ts'
import { isHostName } from '../../src/names/host-name.ts'
import { labelAddress } from '../../src/names/labels.ts'
import { reverseName } from '../../src/names/reverse-name.ts'
import { createDnsClient } from '../../src/node/dns-client.ts'
import { concat, mutateBytes } from '../mutate-bytes.ts'
import { Finding, type Target } from '../target.ts'

/** So many questions are under way at once: a datagram there and back is mostly waiting. */
const TOGETHER = 32
const QUESTION = '1.2.0.192.in-addr.arpa'
const SENTINEL = 'sentinel.example'
const ESCAPES = [
  '\x1b[2J',
  '\x9b31m',
  '\x1b]0;x\x07',
  '\r\n',
  '=cmd|x',
  '\u202etxt',
  '\x00',
  '\ud800',
  'é',
  '.',
  '%n',
  '<script>',
]

export async function namesTarget(): Promise<Target> {
  const server = createSocket('udp4')
  /** What to answer, by id of the question: the input first, then an answer that is sound, so that nobody waits. */
  const waiting: Uint8Array[] = []
  server.on('message', (message, { port, address }) => {
    const { id, questions } = decode(message)
    const input = waiting.shift()
    if (input !== undefined) {
      const forged = input.slice()
      forged.set(message.subarray(0, Math.min(2, forged.length)))
      if (forged.length > 0) server.send(forged, port, address)
    }
    const names: Answer[] = [{ type: 'PTR', name: QUESTION, ttl: 60, data: SENTINEL }]
    server.send(
      encode({ type: 'response', id: id!, flags: 0x0180, questions: questions!, answers: names }),
      port,
      address,
    )
  })
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
  const client = createDnsClient({
    servers: [`127.0.0.1:${(server.address() as AddressInfo).port}`],
    timeoutMs: 20_000,
  })
  const seeds = answers()
  let taken = 0
  let refused = 0
  let passedOver = 0

  async function checkAnswer(input: Uint8Array): Promise<void> {
    waiting.push(input)
    try {
      const names = await client.resolvePtr(QUESTION)
      if (names.length === 1 && names[0] === SENTINEL) passedOver++
      else taken++
      for (const name of names) {
        if (typeof name !== 'string') throw new Finding(`a name that is a ${typeof name}`)
        checkText(name)
      }
    } catch (error) {
      if (error instanceof Finding || !(error instanceof Error) || error.constructor !== Error) throw error
      if (error.message.includes('does not answer')) throw new Finding('no answer: the question was lost')
      refused++
    }
  }

  return {
    name: 'names',
    generate: (random) =>
      Array.from({ length: TOGETHER }, () => {
        let bytes = random.pick(seeds)
        for (let changes = random.below(5); changes >= 0; changes--) {
          const attack = new TextEncoder().encode(random.pick(ESCAPES))
          const at = random.below(bytes.length)
          bytes = random.oneIn(4)
            ? concat(bytes.subarray(0, at), attack, bytes.subarray(at + attack.length))
            : mutateBytes(bytes, random.pick(seeds), random)
        }
        return bytes.subarray(0, 600)
      }),
    async check(inputs) {
      for (const input of inputs) {
        for (const encoding of ['utf8', 'latin1', 'utf16le'] as const) checkText(Buffer.from(input).toString(encoding))
        checkAddresses(input)
      }
      await Promise.all(inputs.map(checkAnswer))
    },
    reset() {
      waiting.length = 0
    },
    notes: () => `${taken} answers taken, ${refused} refused, ${passedOver} passed over`,
    async close() {
      client.close()
      server.close()
    },
  }
}

function isObeyed(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) || code === 0x2028
}

function checkText(text: string): void {
  const shown = printable(text)
  for (let i = 0; i < shown.length; i++) {
    if (isObeyed(shown.charCodeAt(i))) throw new Finding(`printable() lets U+${shown.charCodeAt(i).toString(16)} pass`)
  }
  if (printable(shown) !== shown) throw new Finding('printable() is not done with what it made')
  if (shown.length > 6 * text.length) throw new Finding('printable() makes more than six characters of one')
  if (isHostName(text) && (text.length > 253 || !/^[\w.-]+$/.test(text))) throw new Finding(`${text} for a host name`)
}

function checkAddresses(input: Uint8Array): void {
  for (const length of [4, 6, 16]) {
    const bytes = input.subarray(0, length)
    if (bytes.length < length) return
    const address = formatAddress(bytes)
    if (!/^[\da-f:.]+$/.test(address)) throw new Finding(`the address ${address}`)
    if (labelAddress(bytes) === '') throw new Finding(`no label for ${address}`)
    const reverse = reverseName(address)
    if ((reverse === null) !== (length === 6)) throw new Finding(`${reverse} for ${address}`)
  }
}

function answers(): Uint8Array[] {
  const response = (list: Answer[], flags = 0x0180) =>
    new Uint8Array(
      encode({ type: 'response', id: 0, flags, questions: [{ type: 'PTR', name: QUESTION }], answers: list }),
    )
  const ptr = (data: string, name = QUESTION): Answer => ({ type: 'PTR', name, ttl: 60, data })
  // A name that points to itself, and one to the end: RFC 1035 §4.1.4.
  const pointer = (to: number[]) => concat(response([ptr('a.example')]).subarray(0, -11), new Uint8Array([0, 2, ...to]))
  return [
    response([ptr('host.example')]),
    response([ptr('a.example'), ptr('b.example'), ptr('c_d.example')]),
    response([
      { type: 'CNAME', name: QUESTION, ttl: 60, data: '1.0-127.example' },
      ptr('h.example', '1.0-127.example'),
    ]),
    response([{ type: 'TXT', name: QUESTION, ttl: 60, data: ['x'.repeat(200)] }, ptr('h.example')]),
    response([{ type: 'A', name: QUESTION, ttl: 60, data: '192.0.2.1' }]),
    response([], 0x0183),
    response([ptr('host.example')], 0x0380),
    response([ptr(Array.from({ length: 25 }, () => 'label-123').join('.'))]),
    pointer([0xc0, 0x0c]),
    pointer([0xc0, 0x3a]),
    pointer([0xff, 0xff]),
  ]
}
