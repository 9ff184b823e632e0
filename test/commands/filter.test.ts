/** --filter, --only and --exclude-local as a user gives them: what they leave, what they say of it, and what they refuse. */
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { capturesFolder } from '../support/captures.ts'
import { runNetkit } from '../support/run-netkit.ts'
import { missingTools } from '../support/tools.ts'

const office = `${capturesFolder}office.pcap`

function accountOf(stdout: string): string {
  return /Accounted for: .*/.exec(stdout)?.[0] ?? ''
}

describe('--filter', () => {
  test('counts what the filter takes, and accounts for the rest', async () => {
    const { stdout, stderr, exitCode } = await runNetkit(['analyze', office, '-q', '-f', 'tcp port 443', '-T', 'json'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const { capture } = JSON.parse(stdout)
    expect(capture.accounting.filtered.packets).toBeGreaterThan(0)
    expect(capture.accounting.shown.packets + capture.accounting.filtered.packets).toBe(812)
  })

  test.skipIf(missingTools('tcpdump') !== null)('is that of tcpdump, with files and stdin', async () => {
    const expression = 'udp port 53 or arp'
    const count = execFileSync('tcpdump', ['-r', office, '--count', expression], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const expected = Number(/^\d+/.exec(String(count))?.[0])
    const file = await runNetkit(['log', office, '-f', expression, '-T', 'csv', '-q'])
    expect(file.stdout.trimEnd().split('\n').length - 1).toBe(expected)
    const piped = await runNetkit(
      ['log', '-', '-f', expression, '-T', 'csv', '-q'],
      office.replace(/^.*test\//, 'test/'),
    )
    expect(piped.stdout).toBe(file.stdout)
    const live = await runNetkit(['live', '-', '-f', expression, '--plain'], office.replace(/^.*test\//, 'test/'))
    expect(accountOf(live.stdout)).toContain(`${expected} shown`)
    const check = await runNetkit(['check', office, '-f', expression, '-T', 'json'])
    expect(JSON.parse(check.stdout).capture.kept.packets).toBe(expected)
  })

  test('gives the same for any number of jobs', async () => {
    const args = ['analyze', office, '-w', '1', '-T', 'jsonl', '-f', 'host 192.168.1.20 and not udp']
    const alone = await runNetkit([...args, '-j', '1'])
    for (const jobs of ['2', '3', '7']) expect((await runNetkit([...args, '-j', jobs])).stdout).toBe(alone.stdout)
  })

  test('that is none shows where', async () => {
    const { stdout, stderr, exitCode } = await runNetkit(['analyze', office, '-f', 'tcp prot 80'])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toBe(`netkit: --filter: 'prot' does not belong here
  tcp prot 80
      ^^^^
netkit: try 'netkit analyze --help'
`)
  })

  test('that a link type has no answer to is refused when it comes', async () => {
    const { stderr, exitCode } = await runNetkit(['analyze', `${capturesFolder}any-sll2.pcap`, '-f', 'tcp and vlan 5'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      '--filter: no VLAN tags in frames of Linux cooked v2\n  tcp and vlan 5\n          ^^^^^^\n',
    )
  })

  test('cannot act on the terminal', async () => {
    const { stderr } = await runNetkit(['analyze', office, '-f', 'tcp \u001b[2J\u009b31m é'])
    expect(stderr.includes('\u001b') || stderr.includes('\u009b')).toBe(false)
  })
})

test('--only and --exclude-local leave the rows that they name', async () => {
  const only = await runNetkit(['analyze', office, '-n', '-q', '--only', 'multicast', '-T', 'csv', '--by', 'dst'])
  const rows = only.stdout.trimEnd().split('\n').slice(1)
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) expect(row).toContain('Multicast')
  const away = await runNetkit(['analyze', office, '-n', '-q', '--exclude-local', '-T', 'csv'])
  expect(away.stdout).not.toMatch(/Private Network.*Private Network/)
  expect((await runNetkit(['analyze', office, '--only', 'secret'])).exitCode).toBe(2)
})

test('--local says which networks are ours', async () => {
  const csv = async (...args: string[]) =>
    (await runNetkit(['analyze', office, '-q', '-T', 'csv', '--by', 'direction', ...args])).stdout.trimEnd().split('\n')
  const bytes = (rows: readonly string[], direction: string) =>
    Number(rows.find((row) => row.split(',')[2] === direction)?.split(',')[4] ?? 0)
  const rows = await csv('--local', '192.168.1.0/24')
  const sent = await csv(
    '--local',
    '192.168.1.0/24',
    '-f',
    'src net 192.168.1.0/24 and not dst net 192.168.1.0/24 and not ip multicast and not broadcast',
  )
  expect(bytes(rows, 'up')).toBeGreaterThan(0)
  expect(sent.slice(1).map((row) => row.split(',')[2])).toEqual(['up'])
  expect(bytes(rows, 'up')).toBe(bytes(sent, 'up'))
  expect((await csv('--local', '192.168.1.0/24', '--exclude-local')).join('\n')).not.toContain('inside')
  expect((await runNetkit(['analyze', office, '--local', 'office'])).stderr).toContain(
    "--local: 'office' is no network",
  )
})
