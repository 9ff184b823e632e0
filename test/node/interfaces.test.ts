import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CAPTURE_TOOLS, chooseCaptureTool } from '../../src/node/capture-tool.ts'
import { listInterfaces, parseInterfaceList, probeInterface } from '../../src/node/interfaces.ts'
import { builtModule } from '../support/built-module.ts'
import { startOther } from '../support/live-captures.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'

const bare = { friendlyName: null, flags: null }

test('lists of dumpcap, of tshark with its extra programs, of tcpdump, of Windows', () => {
  expect(parseInterfaceList('1. eth0\n2. any\n3. lo (Loopback)\n14. sdjournal (systemd Journal Export)\n')).toEqual([
    { number: 1, name: 'eth0', ...bare },
    { number: 2, name: 'any', ...bare },
    { number: 3, name: 'lo', ...bare, friendlyName: 'Loopback' },
  ])
  expect(
    parseInterfaceList(
      '1.eth0 [Up, Running, Connected]\n2.any (Pseudo-device that captures) [Up, Running]\n4.ifb0 [none]\n',
    ),
  ).toEqual([
    { number: 1, name: 'eth0', friendlyName: null, flags: 'Up, Running, Connected' },
    { number: 2, name: 'any', friendlyName: 'Pseudo-device that captures', flags: 'Up, Running' },
    { number: 4, name: 'ifb0', friendlyName: null, flags: 'none' },
  ])
  expect(
    parseInterfaceList(
      '1. \\Device\\NPF_{2B5A7A4F-0000-4A4A-8F8F-000000000000} (Wi-Fi)\r\n10. etwdump.exe (Event Tracing)\r\n',
    ),
  ).toEqual([
    { number: 1, name: '\\Device\\NPF_{2B5A7A4F-0000-4A4A-8F8F-000000000000}', ...bare, friendlyName: 'Wi-Fi' },
  ])
  expect(parseInterfaceList('dumpcap: no interfaces\n')).toEqual([])
})

test('without any tool: what the system says', async () => {
  const { PATH } = process.env
  process.env.PATH = '/nonexistent'
  try {
    const list = await listInterfaces()
    expect(list.find(({ loopback }) => loopback)).toMatchObject({
      kind: 'loopback',
      addresses: expect.arrayContaining(['127.0.0.1']),
    })
    expect(list.map(({ number }) => number)).toEqual(list.map((_, index) => index + 1))
  } finally {
    process.env.PATH = PATH
  }
})

const reason = whyNoLab(...CAPTURE_TOOLS)
if (reason !== null) console.log(`interfaces of a namespace are skipped: ${reason}`)
describe.skipIf(reason !== null)('a namespace', () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab()
    lab.run(lab.a, ['ip', 'link', 'add', 'down0', 'type', 'veth', 'peer', 'name', 'down1'])
  })
  afterAll(() => lab.close())

  test('kind, state, addresses, link type, numbers of dumpcap', async () => {
    const { child, line } = await startOther(
      `
      const { listInterfaces } = await import('${await builtModule('node/interfaces.ts')}')
      console.log(JSON.stringify(await listInterfaces()))`,
      lab.a,
    )
    child.kill('SIGKILL')
    const list = JSON.parse(line) as Awaited<ReturnType<typeof listInterfaces>>
    const dumpcap = lab.run(lab.a, ['dumpcap', '-D'])
    for (const { number, name } of list) expect(dumpcap).toMatch(new RegExp(`^${number}\\. ${name}( |$)`, 'm'))
    const named = (name: string) => list.find((one) => one.name === name)
    expect(named('va')).toMatchObject({
      kind: 'virtual',
      up: true,
      addresses: ['10.99.0.1'],
      linktype: 1,
      loopback: false,
    })
    expect(named('down0')).toMatchObject({ kind: 'virtual', up: false, addresses: [], linktype: 1 })
    expect(named('lo')).toMatchObject({ kind: 'loopback', up: true, linktype: 1, loopback: true })
    expect(named('any')).toMatchObject({ kind: 'any', up: true, linktype: 113 })
    expect(named('nflog')).toMatchObject({ kind: 'pseudo', up: null })
  })
})

describe.skipIf(reason !== null)('opening an interface', () => {
  test.each(CAPTURE_TOOLS)('%s', async (name) => {
    const tool = chooseCaptureTool(name)
    expect(await probeInterface(tool, 'lo')).toEqual({ linktypes: ['EN10MB'], error: null })
    const { linktypes, error } = await probeInterface(tool, 'nosuch0')
    expect([linktypes, error?.kind]).toEqual([[], 'no-such-interface'])
  })
})
