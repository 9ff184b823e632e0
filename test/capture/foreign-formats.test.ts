import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeForeignFormat } from '../../src/capture/foreign-formats.ts'

const text = (words: string) => describeForeignFormat(new TextEncoder().encode(words))

test('captures, unknown bytes and nothing have no description', () => {
  for (const hex of ['d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '34cdb2a1']) {
    expect(describeForeignFormat(Buffer.from(`${hex}0200040000000000`, 'hex'))).toBeNull()
  }
  expect(describeForeignFormat(Buffer.from('0a0d0d0a1c0000004d3c2b1a01000000', 'hex'))).toBeNull()
  expect(describeForeignFormat(Buffer.from('0a0d0d0a', 'hex'))).toBeNull()
  expect(describeForeignFormat(deflateSync('x'.repeat(100)))).toBeNull()
  expect(describeForeignFormat(new Uint8Array(0))).toBeNull()
})

test.each([
  [`version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n`, 'a git-lfs pointer'],
  ['<!DOCTYPE html><html><title>404</title>', 'an HTML page'],
  ['\n <HTML><head>', 'an HTML page'],
  ['<?xml version="1.0"?>\n<pdml version="0">', `tshark's XML output`],
  ['<?xml version="1.0"?>\n<svg/>', 'XML text'],
  ['[\n  {\n    "_index": "packets",\n "_source": {', `tshark's JSON output`],
  ['{"timestamp":"1","layers":{}}', `tshark's JSON output`],
  ['{"error": "not found"}', 'JSON text'],
  ['12:00:00.000000 IP 192.0.2.1 > 198.51.100.2: ICMP', `tcpdump's text output`],
  ['2025-11-03 10:00:05.123456 ARP, Request who-has', `tcpdump's text output`],
  ['    1   0.000000    192.0.2.1 → 192.0.2.2    TCP 74', `tshark's text output`],
  ['0000  00 00 5e 00 53 01 00 00', 'a hex dump'],
  ['#!/bin/sh\n', 'a script'],
  ['1MOyoQIABAAAAAAAAAAAAAAABAABAAAA', 'a capture in base64'],
  ['\ufeffDear reader', 'plain text'],
  ['Grüße aus Köln', 'plain text'],
])('text: %j', (words, expected) => {
  expect(text(words)).toMatch(new RegExp(`^${expected}`))
})

test('the hint is a command to run', () => {
  expect(describeForeignFormat(Buffer.from('fd377a585a000004', 'hex'))).toBe(
    'xz-compressed; decompress it first: xz -dc FILE | netkit analyze -',
  )
  expect(describeForeignFormat(gzipSync('x'))).toContain('gzip -dc FILE')
})

test('zero bytes, and tar by the magic behind the first name', () => {
  expect(describeForeignFormat(new Uint8Array(9000))).toMatch(/^nothing but zero bytes \(the first 4096/)
  const tar = execFileSync('tar', ['-cf', '-', '-C', '/', 'etc/hostname'], { stdio: ['ignore', 'pipe', 'ignore'] })
  expect(describeForeignFormat(tar)).toMatch(/^a tar archive/)
})

test('any bytes get one line or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((s) => new TextEncoder().encode(s)),
      ),
      (bytes) => {
        const description = describeForeignFormat(bytes)
        if (description !== null) expect(description).toMatch(/^[^\n]+$/)
      },
    ),
  )
})

const corpus = fileURLToPath(new URL('../../../shared/corpus/generated/', import.meta.url))
const absent = !existsSync(corpus)
if (absent) process.stdout.write('skipped: no ../shared/corpus beside the project\n')

describe.skipIf(absent)('the shared corpus', () => {
  test('what is no capture is named', () => {
    const named = Object.fromEntries(
      readdirSync(`${corpus}bad`).map((name) => [name, describeForeignFormat(readFileSync(`${corpus}bad/${name}`))]),
    )
    expect(
      Object.entries(named)
        .filter(([, description]) => description !== null)
        .map(([name]) => name),
    ).toEqual([
      'btsnoop.pcap',
      'git-lfs-pointer.pcap',
      'html.pcap',
      'json.pcap',
      'netmon.cap',
      'ng-crlf-mangled.pcapng',
      'pcap-bom.pcap',
      'pcap-utf8-mangled.pcap',
      'pcap.base64.pcap',
      'png.pcap',
      'snoop.pcap',
      'text.pcap',
      'zeros-4k.pcap',
      'zip.pcap',
    ])
  })

  test('no real capture is', () => {
    for (const name of readdirSync(`${corpus}link`)) {
      expect(describeForeignFormat(readFileSync(`${corpus}link/${name}`)), name).toBeNull()
    }
  })
})
