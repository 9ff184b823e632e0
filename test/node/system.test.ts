import { userInfo } from 'node:os'
import { expect, test } from 'vitest'
import { detectSystem, distributionOf, isGroupPending } from '../../src/node/system.ts'

// ID and ID_LIKE of each distribution's own os-release.
test.each([
  ['ID=debian\n', 'debian'],
  ['PRETTY_NAME="Ubuntu 24.04"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n', 'debian'],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
  ['ID=raspbian\nID_LIKE=debian\n', 'debian'],
  ['ID=fedora\nVARIANT_ID=workstation\n', 'fedora'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
  ['ID="amzn"\nID_LIKE="fedora"\n', 'fedora'],
  ['ID=arch\nBUILD_ID=rolling\n', 'arch'],
  ['ID=manjaro\nID_LIKE=arch\n', 'arch'],
  ['ID=alpine\nVERSION_ID=3.20.0\n', 'alpine'],
  ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'suse'],
  ['ID=nixos\n', null],
  ['', null],
])('%j', (text, family) => {
  expect(distributionOf(text)).toBe(family)
})

test('a group that was joined since', () => {
  const groups = 'root:x:0:\nwireshark:x:133:eve,alice\n'
  expect(isGroupPending(groups, 'alice', [1000])).toBe(true)
  expect(isGroupPending(groups, 'alice', [1000, 133])).toBe(false)
  expect(isGroupPending(groups, 'lice', [1000])).toBe(false)
  expect(isGroupPending('root:x:0:\n', 'alice', [1000])).toBe(false)
})

test('this machine', () => {
  expect(detectSystem()).toMatchObject({
    platform: process.platform,
    root: process.getuid?.() === 0,
    user: userInfo().username,
    noNewPrivileges: expect.any(Boolean),
  })
})
