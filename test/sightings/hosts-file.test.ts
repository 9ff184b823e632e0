import { describe, expect, test } from 'vitest'
import { readHostsFile } from '../../src/sightings/hosts-file.ts'
import { namesTo } from '../support/read-names.ts'

function read(text: string): string[] {
  const names: string[] = []
  readHostsFile(text, namesTo(names))
  return names
}

describe('readHostsFile', () => {
  test('hosts(5), its own example', () => {
    const text = `
# The following lines are desirable for IPv4 capable hosts
127.0.0.1       localhost

# 127.0.1.1 is often used for the FQDN of the machine
127.0.1.1       thishost.example.org   thishost
192.168.1.10    foo.example.org        foo
192.168.1.13    bar.example.org        bar
146.82.138.7    master.debian.org      master
209.237.226.90  www.opensource.org

# The following lines are desirable for IPv6 capable hosts
::1             localhost ip6-localhost ip6-loopback
ff02::1         ip6-allnodes
ff02::2         ip6-allrouters
`
    expect(read(text)).toEqual([
      'hosts 127.0.0.1 localhost',
      'hosts 127.0.1.1 thishost.example.org',
      'hosts 127.0.1.1 thishost',
      'hosts 192.168.1.10 foo.example.org',
      'hosts 192.168.1.10 foo',
      'hosts 192.168.1.13 bar.example.org',
      'hosts 192.168.1.13 bar',
      'hosts 146.82.138.7 master.debian.org',
      'hosts 146.82.138.7 master',
      'hosts 209.237.226.90 www.opensource.org',
      'hosts ::1 localhost',
      'hosts ::1 ip6-localhost',
      'hosts ::1 ip6-loopback',
      'hosts ff02::1 ip6-allnodes',
      'hosts ff02::2 ip6-allrouters',
    ])
  })

  test.each([
    ['  192.0.2.1\tDesk # mine\r\n', ['hosts 192.0.2.1 desk']],
    ['fe80::1%lo0 localhost', ['hosts fe80::1 localhost']],
    ['192.0.2.1', []],
    ['192.0.2.1 #desk', []],
    ['192.0.2.256 desk', []],
    [
      '0.0.0.0 blocked.example\n:: blocked.example\n192.0.2.1 a\n192.0.2.1 b',
      ['hosts 192.0.2.1 a', 'hosts 192.0.2.1 b'],
    ],
    ['127.1 desk', []],
    ['desk 192.0.2.1', []],
    ['192.0.2.1 192.0.2.2 desk', ['hosts 192.0.2.1 desk']],
    ['192.0.2.1 büro', ['hosts 192.0.2.1 b\\195\\188ro']],
    ['', []],
    ['\n\n#\n \n', []],
  ])('%j: %j', (text, names) => expect(read(text)).toEqual(names))
})
