/** The command in a network namespace, as root or as nobody. */
import { spawn } from 'node:child_process'
import { NETKIT, type Result, resultOf } from './netkit-process.ts'

export interface NamespaceRun {
  readonly env?: Readonly<Record<string, string>>
  readonly asNobody?: boolean
}

export function netkitIn(
  namespace: string,
  args: readonly string[],
  { env, asNobody }: NamespaceRun = {},
): Promise<Result> {
  const drop = asNobody ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'] : []
  // Only netkit sees `env`: its PATH may lead nowhere.
  const assignments = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`)
  const command = [...drop, '/usr/bin/env', ...assignments, process.execPath, NETKIT, ...args]
  // Folders of oclif: those of root are closed to nobody.
  const environment = { ...process.env, XDG_DATA_HOME: '/nonexistent', NO_COLOR: '1', COLUMNS: undefined }
  return resultOf(
    spawn('ip', ['netns', 'exec', namespace, ...command], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] }),
  )
}
