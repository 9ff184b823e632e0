/** `netkit analyze --format html` is `netkit report` of the same flags. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReportData } from '../../src/report/report-data.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'
import { netkit } from '../support/netkit-process.ts'

const folder = temporaryFolder()
const office = `${capturesFolder}office.pcap`

async function pageOf(args: readonly string[], name = 'page.html'): Promise<ReportData> {
  const path = join(folder, name)
  expect(await netkit([...args, '-o', path])).toMatchObject({ code: 0, stderr: '' })
  const [, json] = /<script type="application\/json" id="netkit-data">(.*)<\/script>/.exec(readFileSync(path, 'utf8'))!
  return JSON.parse(json!)
}

test.each([[[]], [['--by', 'service', '--top', '3', '--tcp', '--units', 'Mbps', '-n']], [['--filter', 'udp']]])(
  'the page of report %j',
  async (flags) => {
    const page = await pageOf(['analyze', office, '--format', 'html', ...flags])
    const { command, ...report } = await pageOf(['report', office, ...flags])
    expect(page).toEqual({
      ...report,
      command: command!.replace('netkit report', 'netkit analyze').replace(office, `${office} --format html`),
    })
  },
)

test('the ending of the file is enough', async () => {
  expect((await pageOf(['analyze', office], 'by-ending.HTM')).report_version).toBe(1)
})

test.each([
  ['--window', ['--window', '5']],
  ['--community-id', ['--community-id']],
  ['--sort', ['--sort', 'src']],
  ['--no-header', ['--no-header']],
])('%s has no meaning there', async (_flag, flags) => {
  const path = join(folder, 'refused.html')
  const { code, stderr } = await netkit(['analyze', office, '-o', path, ...flags])
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^netkit: --[\w-]+: .*--format html.*\n/)])
  expect(existsSync(path)).toBe(false)
})
