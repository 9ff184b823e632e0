import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CompletedCommand, changeForZsh } from '../../src/cli/completion.ts'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { NETKIT, netkit } from '../support/netkit-process.ts'
import { missingTools } from '../support/tools.ts'

const folder = temporaryFolder()
const env = { XDG_CACHE_HOME: join(folder, 'cache') }
const FUNCTIONS = join(folder, 'cache/netkit/autocomplete/functions')

/** What TAB offers behind the last word of a line. */
function bashOffers(line: string, { path = '', last = '' } = {}): string[] {
  const words = [...line.split(' '), last]
  const script = `
    PATH=${path}:$PATH
    source '${FUNCTIONS}/bash/netkit.bash'
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
    function=$(complete -p netkit | sed 's/.*-F \\([^ ]*\\).*/\\1/')
    "$function" netkit
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const offers = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
  return offers.split('\n').filter(Boolean)
}

/** A folder with `netkit` in it: the real one, but with interfaces of its own. */
function withInterfaces(name: string, ...interfaces: string[]): string {
  mkdirSync(join(folder, name))
  writeFile(folder, `${name}/list`, Buffer.from(interfaces.map((one) => `${one}\n`).join('')))
  writeFile(
    folder,
    `${name}/netkit`,
    Buffer.from(
      `#!/bin/sh\nif [ "$1" = interfaces ]; then cat '${folder}/${name}/list'; else exec '${process.execPath}' '${NETKIT}' "$@"; fi\n`,
    ),
  )
  execFileSync('chmod', ['+x', join(folder, name, 'netkit')])
  return join(folder, name)
}

describe.skipIf(missingTools('bash') !== null)('bash', () => {
  const path = withInterfaces('usual', 'eth0', 'eth1', 'wlan0')
  beforeAll(async () => expect((await netkit(['autocomplete', 'bash'], { env })).code).toBe(0))

  test.each([
    ['netkit', 'an', ['analyze']],
    ['netkit', 'autoc', ['autocomplete']],
    ['netkit live', '--int', ['--interface']],
    ['netkit live eth0 -n', '--sna', ['--snaplen']],
    ['netkit live', 'eth', ['eth0', 'eth1']],
    ['netkit live eth0 eth1', '', ['eth0', 'eth1', 'wlan0']],
    ['netkit live -i', 'w', ['wlan0']],
    ['netkit live --interface =', 'w', ['wlan0']],
    ['netkit live --interface', '=', ['eth0', 'eth1', 'wlan0']],
    ['netkit live --detailed', 'w', ['wlan0']],
    ['netkit live -T', '', ['text', 'csv', 'tsv', 'jsonl', 'parquet']],
    ['netkit live --format =', 'j', ['jsonl']],
    ['netkit analyze --align', 's', ['start']],
    // Left to bash, which offers files.
    ['netkit live -o', 'e', []],
    ['netkit live --follow', '', []],
    ['netkit analyze', 'e', []],
    ['netkit analyze first.pcap', '', []],
  ])('%s %s', (line, last, expected) => {
    expect(bashOffers(line, { last, path })).toEqual(expected)
  })

  test('set up as it says itself; files where there is nothing else', () => {
    const script = `PATH=${path}:$PATH; eval "$(netkit autocomplete script bash)"; complete -p netkit`
    const said = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env: { ...process.env, ...env } })
    expect(said).toBe('complete -o default -F _netkit_complete_more netkit\n')
  })

  test('the name of an interface is not run', () => {
    const hostile = withInterfaces('hostile', '$(false)', '`false`', '*', "a'b")
    const offers = bashOffers('netkit live', { path: hostile })
    expect(offers).toEqual(['\\$\\(false\\)', '\\`false\\`', '\\*', "a\\'b"])
  })

  test('a second time is as once', async () => {
    await netkit(['autocomplete', 'bash'], { env })
    expect(bashOffers('netkit live', { last: 'eth', path })).toEqual(['eth0', 'eth1'])
  })
})

test('zsh: interfaces where a flag or an argument is one', async () => {
  const { code } = await netkit(['autocomplete', 'zsh'], { env })
  expect(code).toBe(0)
  const script = readFileSync(join(FUNCTIONS, 'zsh/_netkit'), 'utf8')
  const block = (id: string) => new RegExp(`^${id}\\)\\n[\\s\\S]*? ;;`, 'm').exec(script)![0]
  expect(block('live')).toMatch(/\{-i,--interface\}"\[.*\]:interface:_netkit_interfaces" \\$/m)
  expect(block('live')).toMatch(/"\*: :_netkit_interfaces" ;;$/)
  expect(block('live')).toMatch(/--follow"\[.*\]:file:_files"/)
  expect(block('analyze')).toMatch(/"\*: :_files" ;;$/)
  expect(block('analyze')).not.toContain('interfaces')
  expect(script.match(/^_netkit_interfaces\(\) \{$/gm)).toHaveLength(1)
})

test('zsh: a script of another shape stays as it is, but for the function that nobody calls', () => {
  const commands: CompletedCommand[] = [
    { id: 'live', hidden: false, flags: {}, args: { interface: { name: 'interface' } } },
  ]
  const changed = changeForZsh('netkit', commands, '#compdef netkit\nlive) something else\n')
  expect(changed.endsWith('\nlive) something else\n')).toBe(true)
})
