/** The programs that can capture: which of them are on this machine, where, and which version. */
import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { CaptureError } from './capture-errors.ts'

/**
 * In the order of preference. `tshark -w -` starts dumpcap and hands it our pipe: the same bytes half a second to a second
 * later, with 168 MB more memory (tshark 4.0). tcpdump gives pcap, which has no place for names of interfaces and drops.
 */
export const CAPTURE_TOOLS = ['dumpcap', 'tshark', 'tcpdump'] as const
export type CaptureToolName = (typeof CAPTURE_TOOLS)[number]

export interface FoundTool {
  readonly name: CaptureToolName
  readonly path: string
  /** False: it is there, but this user may not run it. */
  readonly executable: boolean
}

export interface CaptureTool {
  /** `command` and `ssh` are whatever the user asked for. */
  readonly name: CaptureToolName | 'command' | 'ssh'
  readonly path: string
}

/** Places that are often not in PATH: sbin for ordinary users, and where Wireshark's own installers put things. */
function usualFolders(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'win32') {
    const programs = [env.ProgramFiles, env.ProgramW6432, 'C:\\Program Files'].filter((folder) => folder !== undefined)
    return programs.map((folder) => join(folder, 'Wireshark'))
  }
  const folders = ['/usr/sbin', '/sbin', '/usr/local/sbin']
  if (platform === 'darwin') folders.push('/opt/homebrew/bin', '/Applications/Wireshark.app/Contents/MacOS')
  return folders
}

/** Every capture tool that is installed, best first. */
export function findCaptureTools(env: NodeJS.ProcessEnv = process.env): FoundTool[] {
  return CAPTURE_TOOLS.map((name) => findTool(name, env)).filter((tool) => tool !== null)
}

/**
 * The tool to use: the wanted one, else the best. Throws {@link CaptureError} when there is none, or when the best may not be
 * run: dumpcap that only a group may run is how Debian, Fedora and Arch permit capturing, and tshark would meet the same wall.
 */
export function chooseCaptureTool(wanted?: CaptureToolName, env: NodeJS.ProcessEnv = process.env): FoundTool {
  const tool = wanted === undefined ? findCaptureTools(env)[0] : findTool(wanted, env)
  if (tool == null) {
    const names = wanted ?? 'dumpcap (of Wireshark), tshark or tcpdump'
    throw new CaptureError('tool-missing', `no capture tool: ${names} is not installed`)
  }
  if (!tool.executable) throw new CaptureError('tool-not-executable', `this user may not run ${tool.path}`)
  return tool
}

function findTool(name: CaptureToolName, env: NodeJS.ProcessEnv): FoundTool | null {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  const folders = [...(env.PATH ?? '').split(delimiter), ...usualFolders(process.platform, env)]
  let forbidden: FoundTool | null = null
  for (const folder of folders) {
    if (folder === '') continue
    const path = join(folder, file)
    if (!isFile(path)) continue
    if (isExecutable(path)) return { name, path, executable: true }
    forbidden ??= { name, path, executable: false }
  }
  return forbidden
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    // Not there, or in a folder that this user may not enter.
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** As in `4.0.17`; null when the tool does not say. */
export async function readToolVersion(tool: FoundTool): Promise<string | null> {
  const { stdout, stderr } = await runTool(tool, ['--version'])
  return /(?:wireshark\)|tcpdump(?: version)?) (\d+(?:\.\d+)+)/i.exec(stdout + stderr)?.[1] ?? null
}

export interface ToolRun {
  readonly stdout: string
  readonly stderr: string
  /** Null when it could not be started, or was ended because it took too long. */
  readonly exitCode: number | null
}

/** Something short that is wanted of a tool: a list, a version. No longer than 5 s. */
export function runTool(tool: FoundTool, args: readonly string[]): Promise<ToolRun> {
  return new Promise((resolve) => {
    const options = { encoding: 'utf8', timeout: 5000, maxBuffer: 1 << 24, env: toolEnvironment() } as const
    execFile(tool.path, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      const startFailure = code === null && error !== null && stderr === '' ? error.message : ''
      resolve({ stdout, stderr: stderr + startFailure, exitCode: code })
    })
  })
}

/** Reasons come from the C library in the user's language; ours are recognised in English. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C' }
}
