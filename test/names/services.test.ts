import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseServices } from '../../src/names/services.ts'
import { readServices } from '../../src/node/name-files.ts'

const [TCP, UDP, SCTP, UDP_LITE, ICMP] = [6, 17, 132, 136, 1]
const services = parseServices(readServices())

test.each([
  [TCP, 22, 'ssh'],
  [TCP, 80, 'http'],
  [TCP, 443, 'https'],
  [UDP, 443, 'https'],
  [UDP, 53, 'domain'],
  [TCP, 514, 'shell'],
  [UDP, 514, 'syslog'],
  [UDP, 3478, 'stun'],
  [TCP, 6003, 'x11'],
  [TCP, 6667, 'ircu'],
  [SCTP, 2905, 'm3ua'],
  [UDP_LITE, 5004, 'avt-profile-1'],
])('protocol %i, port %i: %s', (protocol, port, name) => {
  expect(services.nameOf(protocol, port)).toBe(name)
})

test.each([
  [ICMP, 8],
  [TCP, 0],
  [TCP, 4],
  [TCP, 65535],
  [TCP, -1],
  [TCP, 80.5],
])('protocol %i, port %d has none', (protocol, port) => {
  expect(services.nameOf(protocol, port)).toBeNull()
})

test('a line that says nothing is passed over', () => {
  const some = parseServices('# 1/tcp comment\n\nnonsense\n 2/tcp two\n3/tcp three with more\n__proto__ x')
  expect([1, 2, 3].map((port) => some.nameOf(TCP, port))).toEqual([null, null, 'three with more'])
})

/** Debian's netbase: what is used, some of it never registered; the registry has some other name for a part of it. */
const file = '/etc/services'

describe.skipIf(!existsSync(file))('as /etc/services has them', () => {
  const lines = readFileSync(file, 'utf8').matchAll(/^(\S+)\s+(\d+)\/(tcp|udp|sctp)(.*)$/gm)
  const known = Array.from(lines, ([, name, port, protocol, rest]) => ({
    names: [name!, ...rest!.replace(/#.*/, '').trim().split(/\s+/)],
    ours: services.nameOf({ tcp: TCP, udp: UDP, sctp: SCTP }[protocol!]!, Number(port)),
    port: `${port}/${protocol}`,
  }))
  const differing = known.filter(({ names, ours }) => !names.includes(ours!))

  test('most of them', () => {
    expect(known.length).toBeGreaterThan(250)
    expect(differing.length / known.length).toBeLessThan(0.25)
  })

  test('all that have a number of the system and are used every day', () => {
    const everyday =
      /^(ssh|telnet|smtp|domain|tftp|http|pop3|ntp|snmp|bgp|ldap|https|submission|imaps|pop3s|mysql|sip|mdns|postgresql)$/
    const wrong = differing.filter(({ names }) => everyday.test(names[0]!))
    expect(wrong).toEqual([])
  })

  test('where they differ, most are ports that somebody else has registered, or nobody', () => {
    // zebra's and kerberos's daemons are the greater part: they use ports of others.
    const unregistered = differing.filter(({ ours }) => ours === null)
    expect(unregistered.length).toBeGreaterThan(0)
    expect(differing.map(({ port }) => port)).toContain('2605/tcp')
  })
})
