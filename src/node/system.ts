/** What this machine is, as far as it decides which command mends a capture that cannot start. */
import { existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'

export type Distribution = 'debian' | 'fedora' | 'arch' | 'alpine' | 'suse'

export interface System {
  readonly platform: NodeJS.Platform
  /** Linux: the family that the packages belong to; null for others. */
  readonly distribution: Distribution | null
  readonly container: boolean
  /** Runs as root, or as nobody special. */
  readonly root: boolean
  readonly user: string
  /** The account is in the group `wireshark`, but this session began before. */
  readonly groupIsPending: boolean
  /** Linux: programs gain no rights by their file capabilities here (a sandbox, NoNewPrivileges of systemd). */
  readonly noNewPrivileges: boolean
}

export function detectSystem(): System {
  const linux = process.platform === 'linux'
  const user = userName()
  return {
    platform: process.platform,
    distribution: linux ? distributionOf(readText('/etc/os-release')) : null,
    container: linux && isContainer(),
    root: process.getuid?.() === 0,
    user,
    groupIsPending: isGroupPending(readText('/etc/group'), user, process.getgroups?.() ?? []),
    noNewPrivileges: linux && /^NoNewPrivs:\s*1$/m.test(readText('/proc/self/status')),
  }
}

const FAMILIES: readonly (readonly [Distribution, RegExp])[] = [
  ['debian', /^(?:debian|ubuntu)$/],
  ['fedora', /^(?:fedora|rhel|centos)$/],
  ['arch', /^arch(?:linux)?$/],
  ['alpine', /^alpine$/],
  ['suse', /^(?:suse|opensuse.*|sles)$/],
]

/** os-release(5): ID, then ID_LIKE for what it descends from. */
export function distributionOf(osRelease: string): Distribution | null {
  const value = (key: string) => new RegExp(`^${key}=["']?([^"'\n]*)`, 'm').exec(osRelease)?.[1] ?? ''
  for (const id of [value('ID'), ...value('ID_LIKE').split(/\s+/)]) {
    const family = FAMILIES.find(([, pattern]) => pattern.test(id))
    if (family !== undefined) return family[0]
  }
  return null
}

/** group(5): name, password, number, members. */
export function isGroupPending(groupFile: string, user: string, groups: readonly number[]): boolean {
  const line = /^wireshark:[^:]*:(\d+):(.*)$/m.exec(groupFile)
  if (line === null) return false
  return line[2]!.trim().split(',').includes(user) && !groups.includes(Number(line[1]))
}

function isContainer(): boolean {
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv') || process.env.container !== undefined) return true
  return /docker|kubepods|containerd|\/lxc\//.test(readText('/proc/1/cgroup'))
}

/** An account without an entry (a container with a number only) has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER ?? ''
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
