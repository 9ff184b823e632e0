import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { pcap } from '../support/build-capture.ts'
import { startDnsServer } from '../support/dns-server.ts'
import { udpFrame } from '../support/udp-frame.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = temporaryFolder()

/** Two seconds: a public host and a group are sent to from a private network. */
const capture = writeFile(
  folder,
  'small.pcap',
  pcap([
    { seconds: 1, data: udpFrame({ src: '10.0.0.1', dst: '90.130.70.73' }) },
    { seconds: 2, data: udpFrame({ src: '10.0.0.1', dst: '224.0.0.251' }) },
  ]),
)

/** A module in text, for `node --import`. */
const preload = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`

/** Resolvers made from now on ask that server, as if the machine were set up with it. */
const useServer = (address: string) =>
  preload(`
    import dns from 'node:dns/promises'
    import { syncBuiltinESMExports } from 'node:module'
    const { Resolver } = dns
    dns.Resolver = class extends Resolver {
      constructor(options) {
        super(options)
        this.setServers([${JSON.stringify(address)}])
      }
    }
    syncBuiltinESMExports()
  `)

/** Writes the address of each module that is imported to stderr. */
const traceImports = preload(`
  import { register } from 'node:module'
  const hooks = \`
    import { writeSync } from 'node:fs'
    export async function resolve(specifier, context, next) {
      const found = await next(specifier, context)
      writeSync(2, 'import ' + found.url + '\\\\n')
      return found
    }
  \`
  register('data:text/javascript,' + encodeURIComponent(hooks))
`)

async function analyze(args: readonly string[], module: string | null = null) {
  const nodeArgs = module === null ? [] : ['--import', module]
  const child = spawn(process.execPath, [...nodeArgs, 'bin/run.js', 'analyze', ...args], { cwd: root })
  const start = performance.now()
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { stdout, stderr, exitCode, ms: performance.now() - start }
}

test('with --resolve the name stands where the label stood', async () => {
  const server = await startDnsServer((name) =>
    name.startsWith('73.') ? { names: ['host.example.com'] } : { rcode: 3 },
  )
  const plain = await analyze([capture, '-w', '1'], useServer(server.address))
  expect(server.questions).toEqual([])
  const resolved = await analyze([capture, '-w', '1', '--resolve'], useServer(server.address))
  expect(resolved).toMatchObject({ stderr: '', exitCode: 0 })
  expect(plain.stdout).toContain('10.0.0.1 (Private Network) → 90.130.70.73 (No-DNS) (UDP)')
  expect(resolved.stdout).toBe(plain.stdout.replace('90.130.70.73 (No-DNS)', '90.130.70.73 (host.example.com [ptr])'))
  expect(server.questions.toSorted()).toEqual(['1.0.0.10.in-addr.arpa', '73.70.130.90.in-addr.arpa'])
})

test('servers that never answer neither change the result nor keep the process', async () => {
  // More hosts than are asked for at a time, so that lookups are under way and others wait when the output is done.
  const records = Array.from({ length: 400 }, (_, i) => ({
    seconds: i,
    data: udpFrame({ src: '10.0.0.1', dst: `90.130.${i >> 8}.${i & 255}` }),
  }))
  const many = writeFile(folder, 'many.pcap', pcap(records))
  const server = await startDnsServer(() => null)
  const plain = await analyze([many, '--format', 'csv'])
  const resolved = await analyze([many, '--format', 'csv', '--resolve'], useServer(server.address))
  expect(resolved).toMatchObject({ stdout: plain.stdout, stderr: '', exitCode: 0 })
  // All answers would take 401 / 32 × 0.5 s.
  expect(server.questions.length).toBeLessThan(300)
  expect(resolved.ms - plain.ms).toBeLessThan(4000)
})

test('a server that is not there leaves the labels', async () => {
  // The discard port of this machine: nothing listens.
  const resolved = await analyze([capture, '--resolve'], useServer('127.0.0.1:9'))
  expect(resolved).toMatchObject({ stderr: '', exitCode: 0 })
  expect(resolved.stdout).toContain('90.130.70.73 (No-DNS)')
  expect(resolved.ms).toBeLessThan(10_000)
})

test('without --resolve no DNS code is even loaded', async () => {
  const loaded = async (args: readonly string[]) => {
    const { stderr, exitCode } = await analyze(args, traceImports)
    expect(exitCode).toBe(0)
    const modules = [...stderr.matchAll(/^import (.*)$/gm)].map((match) => match[1]!)
    expect(modules.some((url) => url.endsWith('/commands/analyze.js'))).toBe(true)
    // Packages are in the chunks of the modules that use them.
    return modules.filter((url) => /^node:dns|\/(reverse-dns|resolve-names)\.js$/.test(url))
  }
  expect(await loaded([capture])).toEqual([])
  expect(await loaded([capture, '--resolve'])).toHaveLength(3)
})
