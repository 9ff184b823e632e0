/** A fleet of processes gives what one process gives, to the byte, whatever happens to its members meanwhile. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { KEY_SOURCE } from '../../src/abi/key-fields.ts'
import { ClusterClient } from '../../src/node/cluster/client.ts'
import type { Task } from '../../src/node/cluster/protocol.ts'
import { describeFile } from '../../src/node/cluster/shared-file.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'
import { analyze, netkit } from '../support/netkit-process.ts'
import { missingTools } from '../support/tools.ts'
import { analyzeShared, endAll, type FleetWorker, type RedisServer, startRedis, startWorker, until } from './fleet.ts'
import { startRangeServer } from './range-server.ts'
import { shifted } from './shifted.ts'

const silent = { lost() {}, back() {}, waitingForWorkers() {}, progress() {} }
const missing = missingTools('redis-server', 'redis-cli')
const folder = temporaryFolder()
const office = readFileSync(join(capturesFolder, 'office.pcap'))
const OFFICE_SECONDS = 30
/** 40 files of half a minute, then one of 108 MB: the jobs of the large one are two. */
const SMALL = 40
const COPIES = 400

const smallFiles = Array.from({ length: SMALL }, (_, i) => join(folder, `office-${String(i).padStart(2, '0')}.pcap`))
const largeFile = join(folder, 'office-large.pcap')

describe.skipIf(missing !== null)(`a fleet${missing === null ? '' : ` (${missing})`}`, () => {
  let redis: RedisServer
  const workers: FleetWorker[] = []

  beforeAll(async () => {
    for (const [i, path] of smallFiles.entries()) writeFileSync(path, shifted(office, 1, 0, i * OFFICE_SECONDS))
    writeFileSync(largeFile, shifted(office, COPIES, OFFICE_SECONDS, SMALL * OFFICE_SECONDS))
    redis = await startRedis(temporaryFolder())
  })
  afterEach(async () => {
    await endAll(workers.splice(0))
    redis.ask('FLUSHALL')
  })
  afterAll(async () => {
    await redis?.stop()
  })

  const all = [...smallFiles, largeFile]

  test('a worker is killed in its work and Redis restarted: the same bytes as of one process', async () => {
    const args = [...all, '--window', '5', '--format', 'csv']
    const first = await startWorker(redis.url)
    workers.push(first)
    const { result } = analyzeShared(redis.url, args)
    // Between two jobs nothing would be lost: it is killed until it has one in its hands.
    await until(() => Number(redis.ask('LLEN', 'netkit:count:active')) > 0)
    first.child.kill('SIGSTOP')
    // It goes on for a moment at a time, so the jobs last longer than it takes to find it with one; if not, it dies without, as workers may.
    while (
      Number(redis.ask('LLEN', 'netkit:count:active')) === 0 &&
      Number(redis.ask('LLEN', 'netkit:count:wait')) > 0
    ) {
      first.child.kill('SIGCONT')
      await setTimeout(3)
      first.child.kill('SIGSTOP')
    }
    first.child.kill('SIGKILL')
    await redis.stop()
    await redis.start()
    workers.push(await startWorker(redis.url), await startWorker(redis.url))
    const alone = await analyze(args)
    expect(alone.stdout.length).toBeGreaterThan(100_000)
    const shared = await result
    expect(shared.code, shared.stderr).toBe(0)
    expect(shared.stdout === alone.stdout).toBe(true)
    // Nothing is left of a run that has ended.
    expect(redis.ask('KEYS', 'netkit:part:*') + redis.ask('KEYS', 'netkit:chunk:*')).toBe('')
    // It was read by them, and the password by nobody.
    expect(shared.stderr).not.toContain('read here')
    for (const said of [shared.stderr, ...workers.map((worker) => worker.said())]) expect(said).not.toContain('geheim')
  })

  test('one large file, in ranges: text with names, and JSON by flow', async () => {
    workers.push(await startWorker(redis.url), await startWorker(redis.url))
    for (const args of [[largeFile], [largeFile, '--by', 'flow', '--format', 'json']]) {
      const [shared, alone] = [await analyzeShared(redis.url, args).result, await analyze([...args, '--jobs', '1'])]
      expect(shared.code, shared.stderr).toBe(0)
      expect(shared.stdout === alone.stdout).toBe(true)
    }
    for (const { child } of workers) child.kill('SIGINT')
    await until(() => workers.every(({ said }) => /counted \d+ parts?, /.test(said())))
    expect(workers.some(({ said }) => /counted [1-9]/.test(said()))).toBe(true)
  })

  test('who leaves with Ctrl-C finds what was counted when he comes again', async () => {
    const worker = await startWorker(redis.url)
    workers.push(worker)
    const { child, result } = analyzeShared(redis.url, all)
    await until(() => redis.ask('KEYS', 'netkit:part:*').split('\n').length > 5)
    // Else it might be done before it hears of it.
    worker.child.kill('SIGSTOP')
    child.kill('SIGINT')
    const left = await result
    expect(left).toMatchObject({ code: 130, stdout: '' })
    expect(left.stderr).toMatch(/interrupted: nothing is shown; for the same command \d+ counted parts are kept/)
    expect(redis.ask('LLEN', 'netkit:count:wait')).toBe('0')
    const kept = redis.ask('KEYS', 'netkit:part:*').split('\n').length
    worker.child.kill('SIGCONT')
    expect(kept).toBeGreaterThan(5)
    const again = await analyzeShared(redis.url, all).result
    expect(again.code, again.stderr).toBe(0)
    expect(again.stdout).toBe((await analyze(all)).stdout)
    worker.child.kill('SIGINT')
    await until(() => /counted \d+ parts/.test(worker.said()))
    const counted = Number(/counted (\d+) parts/.exec(worker.said())![1])
    // All parts once, however often they were asked for.
    expect(counted).toBe(SMALL + 2)
  })

  test('a file that vanishes is named, and nothing is shown', async () => {
    const gone = join(folder, 'gone.pcap')
    const changed = join(folder, 'changed.pcap')
    for (const path of [gone, changed]) writeFileSync(path, office)
    const { child, result } = analyzeShared(redis.url, [...smallFiles, gone, changed, '-n'])
    await until(() => Number(redis.ask('LLEN', 'netkit:count:wait')) === SMALL + 2)
    rmSync(gone)
    appendFileSync(changed, office.subarray(24, 1000))
    workers.push(await startWorker(redis.url))
    expect(child.pid).toBeDefined()
    const { code, stdout, stderr } = await result
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(`cannot open ${gone}: no such file`)
    expect(stderr).toContain(`${changed} was changed while it was counted`)
  })

  test('a file of a web server, in ranges', async () => {
    const server = await startRangeServer()
    server.files.set('large.pcap', { bytes: readFileSync(largeFile), etag: '"1"' })
    workers.push(await startWorker(redis.url))
    const args = ['--window', '60', '--format', 'csv']
    const shared = await analyzeShared(redis.url, [`${server.url}large.pcap`, ...args]).result
    server.close()
    expect(shared).toMatchObject({ code: 0, stderr: '' })
    expect(shared.stdout === (await analyze([largeFile, ...args])).stdout).toBe(true)
    // The client read its start, the worker each part.
    expect(server.requests.length).toBeGreaterThan(108 / 4)
  })

  test('an output that cannot be opened ends the run', async () => {
    const { result } = analyzeShared(redis.url, [...smallFiles.slice(0, 2), '-o', join(folder, 'none/such/x')])
    expect((await result).code).toBe(1)
    const onInput = await analyzeShared(redis.url, [...smallFiles.slice(0, 2), '-o', smallFiles[0]!]).result
    expect(onInput.code).toBe(1)
    expect(onInput.stderr).toContain('will not write over the input')
  })

  test('addresses that differ behind the question mark alone, and the same file twice', async () => {
    const server = await startRangeServer()
    for (const i of [0, 1]) server.files.set(`a.pcap?n=${i}`, { bytes: readFileSync(smallFiles[i]!), etag: `"${i}"` })
    workers.push(await startWorker(redis.url))
    const args = ['--window', '5', '--format', 'csv']
    const urls = [0, 1].map((i) => `${server.url}a.pcap?n=${i}`)
    const shared = await analyzeShared(redis.url, [...urls, ...args]).result
    server.close()
    expect(shared).toMatchObject({ code: 0, stderr: '' })
    expect(shared.stdout).toBe((await analyze([...smallFiles.slice(0, 2), ...args])).stdout)
  })

  test('the same question twice in one run is one job, and what another run took away is counted again', async () => {
    workers.push(await startWorker(redis.url))
    const client = await ClusterClient.connect(redis.url, silent)
    const file = await describeFile(smallFiles[0]!)
    const task: Task = {
      file,
      work: { kind: 'part', part: { start: 0, end: Number.MAX_SAFE_INTEGER, isStartKnown: true } },
      setup: { parser: { keyFields: KEY_SOURCE }, stepNs: null, originNs: null, headLength: 24 },
    }
    const [one, two] = await Promise.all([client.count(task), client.count(task)])
    expect(two).toBe(one)
    for (const key of redis.ask('KEYS', 'netkit:chunk:*').split('\n')) redis.ask('DEL', key)
    expect((await client.load(one)).length).toBe(1)
    await client.forget()
    expect(redis.ask('KEYS', 'netkit:part:*') + redis.ask('KEYS', 'netkit:chunk:*')).toBe('')
    await client.close()
  })

  test('a Redis that stands still keeps nobody from leaving', async () => {
    const { child, result } = analyzeShared(redis.url, smallFiles)
    await until(() => Number(redis.ask('LLEN', 'netkit:count:wait')) === SMALL)
    redis.signal('SIGSTOP')
    try {
      child.kill('SIGINT')
      expect(await result).toMatchObject({ code: 130, stdout: '' })
    } finally {
      redis.signal('SIGCONT')
    }
  })

  test('a worker of another version is refused, in a sentence', async () => {
    const { result } = analyzeShared(redis.url, smallFiles.slice(0, 2))
    await until(() => Number(redis.ask('LLEN', 'netkit:count:wait')) === 2)
    for (const id of redis.ask('LRANGE', 'netkit:count:wait', '0', '-1').split('\n')) {
      const data = JSON.parse(redis.ask('HGET', `netkit:count:${id}`, 'data'))
      redis.ask('HSET', `netkit:count:${id}`, 'data', JSON.stringify({ ...data, version: '9.9.9', protocol: 9 }))
    }
    workers.push(await startWorker(redis.url))
    const { code, stdout, stderr } = await result
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(
      /the client is netkit 9\.9\.9 \(protocol 9\) and a worker is netkit .*: both must be the same/,
    )
  })

  test('what cannot be shared, and who is not there, is said in one sentence', async () => {
    const env = { NETKIT_CLUSTER: redis.url }
    for (const flag of ['--tcp', '--count=5']) {
      const { code, stderr } = await netkit(['analyze', smallFiles[0]!, flag], { env })
      expect(code).toBe(2)
      expect(stderr).toContain(`--cluster: ${flag.split('=')[0]} needs all packets in their order`)
    }
    const wrong = redis.url.replace('geheim', 'falsch')
    const [denied, nobody, noAddress] = await Promise.all([
      netkit(['analyze', smallFiles[0]!, '--cluster', wrong]),
      netkit(['worker', '--cluster', 'redis://u:geheim@127.0.0.1:1']),
      netkit(['worker', '--cluster', 'http://host']),
    ])
    expect(denied.code).toBe(1)
    expect(denied.stderr).toMatch(/^netkit: no Redis at redis:\/\/:\*\*\*@127\.0\.0\.1:\d+: .*WRONGPASS.*\n$/)
    expect(nobody.code).toBe(1)
    expect(nobody.stderr).toBe('netkit: no Redis at redis://u:***@127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n')
    expect(noAddress.code).toBe(2)
  })
})
