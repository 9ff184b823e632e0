import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { netkitIn } from '../support/netkit-in-namespace.ts'

const reason = whyNoLab('dumpcap', 'setpriv')
if (reason !== null) console.log(`netkit interfaces is not tried: ${reason}`)

describe.skipIf(reason !== null)('interfaces', () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab()
    lab.run(lab.a, ['ip', 'route', 'add', 'default', 'via', '10.99.0.2'])
  })
  afterAll(() => lab.close())

  test('a table, for which no permission is needed', async () => {
    const { code, stdout, stderr } = await netkitIn(lab.a, ['interfaces'], { asNobody: true })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^ +Name +State +Kind +Link type +Addresses\n/)
    expect(stdout).toMatch(/^ +\d+ {2}va +up, default +virtual +ETHERNET +10\.99\.0\.1$/m)
    expect(stdout).toMatch(/^ +\d+ {2}lo \(Loopback\) +up +loopback +ETHERNET +127\.0\.0\.1$/m)
    expect(stdout).not.toMatch(/nflog/)
    expect((await netkitIn(lab.a, ['interfaces', '--all'])).stdout).toMatch(/ nflog +\? +pseudo/)
  })

  test('JSON', async () => {
    const { stdout } = await netkitIn(lab.a, ['interfaces', '-T', 'json'])
    expect(JSON.parse(stdout)).toContainEqual({
      number: expect.any(Number),
      name: 'va',
      friendly_name: null,
      kind: 'virtual',
      linktype: 1,
      linktype_name: 'ETHERNET',
      addresses: ['10.99.0.1'],
      up: true,
      loopback: false,
      default: true,
    })
  })
})
