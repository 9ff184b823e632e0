import { createServer } from 'node:net'
import { connect } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { readServerName } from '../../src/sightings/client-hello.ts'
import { NO_NAME, NOT_YET } from '../../src/sightings/name-text.ts'
import { readTlsStart } from '../../src/sightings/tls-records.ts'
import { concat } from '../support/build-frame.ts'
import { clientHello } from './payloads.ts'

function read(message: Uint8Array, end = message.length): string | null {
  return readServerName(message, 0, end)
}

/** What a TLS library sends first. */
function realHello(options: { servername?: string; maxVersion?: 'TLSv1.2' }): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.once('data', (bytes) => {
        resolve(new Uint8Array(bytes))
        socket.destroy()
        server.close()
      })
      socket.on('error', () => {})
    })
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('no port'))
      connect({ port: address.port, host: '127.0.0.1', rejectUnauthorized: false, ...options }).on('error', () => {})
    })
  })
}

describe('readServerName', () => {
  test("OpenSSL's own hellos", async () => {
    expect(readTlsStart(await realHello({ servername: 'www.Example.com' }))).toBe('www.example.com')
    expect(readTlsStart(await realHello({ servername: 'old.example', maxVersion: 'TLSv1.2' }))).toBe('old.example')
    expect(readTlsStart(await realHello({}))).toBe(NO_NAME)
  })

  test('waits for the name, however much of the hello there is, and for no byte behind it', () => {
    for (const isNameLast of [false, true]) {
      const hello = clientHello({ name: 'www.example.com', isNameLast })
      const end = Buffer.from(hello).indexOf('www.example.com') + 'www.example.com'.length
      for (let length = 0; length < end; length++) expect(read(hello, length)).toBe(NOT_YET)
      for (let length = end; length <= hello.length; length++) expect(read(hello, length)).toBe('www.example.com')
    }
  })

  test('without a name; without extensions; of another type', () => {
    expect(read(clientHello())).toBe(NO_NAME)
    const hello = clientHello()
    const bare = concat(Uint8Array.of(1, 0, 0, 2 + 32 + 33 + 6 + 2), hello.subarray(4, 4 + 2 + 32 + 33 + 6 + 2))
    expect(read(bare)).toBe(NO_NAME)
    expect(read(Uint8Array.of(2, 0, 0, 4, 3, 3))).toBe(NO_NAME)
  })

  test('lengths that lie', () => {
    const hello = clientHello({ name: 'www.example.com' })
    const name = Buffer.from(hello).indexOf('www.example.com')
    const damaged = (at: number, ...values: number[]) => {
      const bytes = hello.slice()
      bytes.set(values, at)
      return read(bytes)
    }
    // A name longer than its list, a list longer than the extensions, a session id behind the end, a hello of 16 MB.
    expect(damaged(name - 2, 0xff, 0xff)).toBe(NO_NAME)
    expect(damaged(name - 7, 0xff, 0xff)).toBe(NO_NAME)
    expect(damaged(38, 0xff)).toBe(NO_NAME)
    expect(damaged(1, 0xff, 0xff, 0xff)).toBe(NO_NAME)
  })

  test('an address is no name, and no other type of name is read', () => {
    expect(read(clientHello({ name: '192.0.2.1' }))).toBe(NO_NAME)
    const hello = clientHello({ name: 'www.example.com' })
    hello[Buffer.from(hello).indexOf('www.example.com') - 3] = 1
    expect(read(hello)).toBe(NO_NAME)
  })
})
