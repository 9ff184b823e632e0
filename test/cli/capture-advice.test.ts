import { describe, expect, test } from 'vitest'
import { adviseOn, exitCodeOfCapture, formatAdvice } from '../../src/cli/capture-advice.ts'
import { CaptureError, type CaptureErrorKind } from '../../src/node/capture-errors.ts'
import type { System } from '../../src/node/system.ts'

const debian: System = {
  platform: 'linux',
  distribution: 'debian',
  container: false,
  root: false,
  user: 'alice',
  groupIsPending: false,
  noNewPrivileges: false,
}

function advice(
  kind: CaptureErrorKind,
  system: Partial<System> = {},
  subject = 'va',
  tool: 'dumpcap' | 'tcpdump' = 'dumpcap',
) {
  return adviseOn(new CaptureError(kind, 'x', subject), { ...debian, ...system }, tool).map(formatAdvice)
}

const ONCE = 'sudo env "PATH=$PATH" netkit …    # for this once'
const JOIN = 'sudo usermod -aG wireshark alice    # then log out and in'

test.each<[Partial<System>, string]>([
  [{}, 'sudo apt-get install tshark'],
  [{ root: true }, 'apt-get install tshark'],
  [{ distribution: 'fedora' }, 'sudo dnf install wireshark-cli'],
  [{ distribution: 'arch' }, 'sudo pacman -S wireshark-cli'],
  [{ distribution: 'alpine', root: true }, 'apk add tshark'],
  [{ distribution: 'suse' }, 'sudo zypper install wireshark'],
  [{ distribution: null }, 'install Wireshark (dumpcap) or tcpdump with the package manager'],
  [{ platform: 'darwin', distribution: null }, 'brew install wireshark'],
  [{ platform: 'win32', distribution: null }, 'winget install WiresharkFoundation.Wireshark'],
])('no tool on %o', (system, first) => {
  expect(advice('tool-missing', system)[0]).toBe(first)
})

describe('no permission', () => {
  test.each<[string, Partial<System>, string[]]>([
    ['Debian', {}, ['sudo dpkg-reconfigure wireshark-common    # answer Yes', JOIN, ONCE]],
    ['Fedora', { distribution: 'fedora' }, [JOIN, ONCE]],
    ['Arch', { distribution: 'arch' }, [JOIN, ONCE]],
    ['Alpine', { distribution: 'alpine' }, ['sudo setcap cap_net_raw,cap_net_admin=eip "$(command -v dumpcap)"', ONCE]],
    [
      'in the group since the login',
      { groupIsPending: true },
      ['newgrp wireshark    # you are in the group wireshark since you logged in: log out and in, or this', ONCE],
    ],
    [
      'a sandbox',
      { noNewPrivileges: true },
      ['this session may gain no rights (no_new_privs of a sandbox or a service): start netkit outside of it', ONCE],
    ],
    ['root', { root: true }, ['this root is not allowed to capture: it lacks the capabilities NET_RAW and NET_ADMIN']],
    [
      'root of a container',
      { root: true, container: true },
      [
        'docker run --cap-add NET_RAW --cap-add NET_ADMIN …    # when the container is started',
        'Kubernetes: securityContext.capabilities.add: [NET_RAW, NET_ADMIN]',
      ],
    ],
    [
      'macOS',
      { platform: 'darwin', distribution: null },
      ['brew install --cask wireshark-chmodbpf    # once; then log out and in', ONCE],
    ],
    ['FreeBSD', { platform: 'freebsd', distribution: null }, [ONCE]],
    [
      'Windows',
      { platform: 'win32', distribution: null },
      [
        'open the terminal as administrator',
        'or install Npcap again without "Restrict Npcap driver\'s access to Administrators only": https://npcap.com',
      ],
    ],
  ])('%s', (_name, system, expected) => {
    expect(advice('no-permission', system)).toEqual(expected)
  })

  test('tcpdump has no group', () => {
    expect(advice('no-permission', {}, 'va', 'tcpdump')[0]).toBe(
      'sudo setcap cap_net_raw,cap_net_admin=eip "$(command -v tcpdump)"',
    )
  })
})

test('an interface that is down', () => {
  expect(advice('interface-down')).toEqual(['sudo ip link set va up'])
  expect(advice('interface-down', { root: true }, "it's")).toEqual(["ip link set 'it'\\''s' up"])
  expect(advice('interface-down', { platform: 'darwin' }, 'en0')).toEqual(['sudo ifconfig en0 up'])
  expect(advice('interface-down', { platform: 'win32' }, 'Wi-Fi 2')).toEqual([
    'netsh interface set interface "Wi-Fi 2" enable',
  ])
})

test('display filters are told from capture filters', () => {
  const isTaken = (filter: string) => /display filter/.test(advice('bad-filter', {}, filter)[0]!)
  const display = [
    'tcp.port == 80',
    'ip.addr==192.0.2.1',
    'http.request',
    'frame.len > 100',
    'udp && dns.qry.name contains "x"',
  ]
  expect(display.map(isTaken)).toEqual(display.map(() => true))
  const capture = ['tcp prot 80', 'host example.com and prot 80', 'net 192.0.2', 'ether[0] = 1 and']
  expect(capture.map(isTaken)).toEqual(capture.map(() => false))
})

test('exit codes: 4 when the machine must be changed, 2 when the question, 1 for what happens on the way', () => {
  expect(
    ['tool-missing', 'tool-not-executable', 'no-permission', 'interface-down'].map((kind) =>
      exitCodeOfCapture(kind as CaptureErrorKind),
    ),
  ).toEqual([4, 4, 4, 4])
  expect(
    ['no-such-interface', 'bad-filter', 'not-supported'].map((kind) => exitCodeOfCapture(kind as CaptureErrorKind)),
  ).toEqual([2, 2, 2])
  expect(
    ['interface-removed', 'tool-failed', 'ssh-failed'].map((kind) => exitCodeOfCapture(kind as CaptureErrorKind)),
  ).toEqual([1, 1, 1])
})
