import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { descendantsOf, signalProcesses } from '../../src/node/process-tree.ts'
import { eventually } from '../support/live-captures.ts'

describe.skipIf(process.platform === 'win32')('processes', () => {
  test('children and theirs, and nobody else', async () => {
    const shell = spawn('sh', ['-c', 'sh -c "sleep 100; :" & sleep 100; :'], { stdio: 'ignore' })
    const other = spawn('sleep', ['100'], { stdio: 'ignore' })
    expect(await eventually(() => descendantsOf(shell.pid!).length === 3)).toBe(true)
    const tree = descendantsOf(shell.pid!)
    expect(tree.map(({ pid }) => pid)).not.toContain(other.pid)
    expect(descendantsOf(process.pid).map(({ pid }) => pid)).toEqual(expect.arrayContaining([shell.pid, other.pid]))

    // The number alone does not make it the same process.
    signalProcesses(
      tree.map(({ pid }) => ({ pid, started: 'another time' })),
      'SIGKILL',
    )
    expect(descendantsOf(shell.pid!)).toHaveLength(3)
    shell.kill('SIGKILL')
    signalProcesses(tree, 'SIGKILL')
    const alive = () => tree.filter(({ pid }) => isAlive(pid)).length
    expect(await eventually(() => alive() === 0)).toBe(true)
    signalProcesses(tree, 'SIGKILL')
    other.kill()
    await once(other, 'exit')
  })

  test('none', () => {
    expect(descendantsOf(2 ** 22 + 1)).toEqual([])
    signalProcesses([], 'SIGKILL')
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
