/** A file system of so many KiB, or why there is none. Taken away when the test file is done. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export interface SmallDisk {
  readonly folder: string
  /** Null when there is one. */
  readonly reason: string | null
}

export function smallDisk(kib: number): SmallDisk {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return { folder: '', reason: 'a full disk needs Linux and root' }
  }
  const folder = mkdtempSync(join(tmpdir(), 'netkit-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmdirSync(folder)
    return { folder: '', reason: 'a full disk needs the right to mount one' }
  }
  afterAll(() => {
    execFileSync('umount', ['-l', folder])
    rmdirSync(folder)
  })
  return { folder, reason: null }
}
