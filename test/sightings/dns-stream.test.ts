import { type Answer, encode, streamEncode } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { mayBeDnsStream, readDnsStream } from '../../src/sightings/dns-stream.ts'
import { concat } from '../support/build-frame.ts'
import { namesTo } from '../support/read-names.ts'

function message(name: string, data: string): Uint8Array {
  const answers: Answer[] = [{ type: 'A', name, ttl: 60, data }]
  return new Uint8Array(streamEncode({ type: 'response', questions: [{ type: 'A', name }], answers }))
}

describe('readDnsStream', () => {
  const first = message('a.example', '192.0.2.1')
  const stream = concat(first, message('b.example', '192.0.2.2'))

  test('whole messages, and where the rest begins', () => {
    const names: string[] = []
    expect(readDnsStream(stream, namesTo(names))).toBe(stream.length)
    expect(readDnsStream(stream.subarray(0, -1), namesTo(names))).toBe(first.length)
    expect(names).toEqual(['dns 192.0.2.1 a.example', 'dns 192.0.2.2 b.example', 'dns 192.0.2.1 a.example'])
  })

  test('begins with an answer', () => {
    for (let length = 1; length < 20; length++) expect(mayBeDnsStream(stream.subarray(0, length))).toBe(true)
    const question = new Uint8Array(encode({ type: 'query', questions: [{ type: 'A', name: 'a.example' }] }))
    expect(mayBeDnsStream(concat(Uint8Array.of(0, question.length), question))).toBe(false)
    expect(mayBeDnsStream(Uint8Array.of(0, 3, 0, 0, 0x81, 0x80))).toBe(false)
  })
})
