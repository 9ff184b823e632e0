import { expect, test } from 'vitest'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import { fromText, jobOf, refusalOf, type Task, toText } from '../../src/node/cluster/protocol.ts'
import { WHOLE } from '../../src/pipeline/partial-counter.ts'

const task: Task = {
  file: { place: '/captures/a.pcap', size: 5, stamp: '1' },
  work: { kind: 'part', part: WHOLE },
  setup: {
    parser: { keyFields: 3, filter: compileFilter('tcp'), sinceNs: -(2n ** 70n) },
    headLength: 24,
    stepNs: 1n,
    originNs: null,
  },
}

test('a task is the same at the other end, with its program and numbers of any size', () => {
  expect(fromText(toText(task))).toEqual(task)
})

test('the same question has the same key, another file or another time another one', () => {
  const { key } = jobOf(task)
  expect(jobOf(structuredClone(task)).key).toBe(key)
  expect(jobOf({ ...task, file: { ...task.file, stamp: '2' } }).key).not.toBe(key)
  expect(jobOf({ ...task, setup: { ...task.setup, originNs: 0n } }).key).not.toBe(key)
})

test('a job of this version is taken, any other is not', () => {
  const job = jobOf(task)
  expect(refusalOf(job)).toBeNull()
  expect(refusalOf({ ...job, version: '0.0.1' })).toContain('the client is netkit 0.0.1')
  expect(refusalOf({ ...job, protocol: 0 })).toContain('(protocol 0)')
})
