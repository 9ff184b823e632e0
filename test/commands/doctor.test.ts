import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CAPTURE_TOOLS } from '../../src/node/capture-tool.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { netkitIn } from '../support/netkit-in-namespace.ts'

const reason = whyNoLab('setpriv', ...CAPTURE_TOOLS)
if (reason !== null) console.log(`doctor is not tried: ${reason}`)

describe.skipIf(reason !== null)('doctor', () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab()
    lab.run(lab.a, ['ip', 'link', 'add', 'down0', 'type', 'veth', 'peer', 'name', 'down1'])
  })
  afterAll(() => lab.close())

  test('what works, and what is down with the command that mends it', async () => {
    const { code, stdout, stderr } = await netkitIn(lab.a, ['doctor'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^ok {2}tool {8}dumpcap {2}\d+\.\d+\.\d+, \/.*dumpcap$/m)
    expect(stdout).toMatch(/^ok {2}interface {3}va +EN10MB$/m)
    expect(stdout).toMatch(/^- +interface {3}down0 +interface 'down0' is down\n +ip link set down0 up$/m)
    expect(stdout).toMatch(/\nThis machine can capture\.\n$/)
  })

  test('no permission: said once, with what mends it', async () => {
    const { code, stdout } = await netkitIn(lab.a, ['doctor'], { asNobody: true })
    expect(code).toBe(4)
    expect(stdout).toMatch(/^FAIL {2}permission {2}nobody +no permission to capture on \S+\n {6}\S/m)
    expect(stdout.match(/for this once/g)).toHaveLength(1)
    expect(stdout).toMatch(/\nThis machine cannot capture yet\.\n$/)
  })

  test('no tool', async () => {
    const { code, stdout } = await netkitIn(lab.a, ['doctor', '--format', 'json'], {
      env: { PATH: '/nonexistent:/usr/sbin-only' },
    })
    const { able, findings } = JSON.parse(stdout)
    expect([code, able]).toEqual([4, false])
    expect(findings).toEqual([
      {
        about: 'tool',
        name: 'dumpcap, tshark, tcpdump',
        result: 'wrong',
        kind: 'tool-missing',
        detail: 'no capture tool: dumpcap (of Wireshark), tshark or tcpdump is not installed',
        advice: expect.arrayContaining([expect.objectContaining({ command: expect.any(String) })]),
      },
    ])
  })
})
