/** Everything that a capture needs, tried out → findings with the advice for each that is wrong. */
import { CaptureError, type CaptureErrorKind } from '../node/capture-errors.ts'
import {
  CAPTURE_TOOLS,
  chooseCaptureTool,
  type FoundTool,
  findCaptureTools,
  readToolVersion,
} from '../node/capture-tool.ts'
import { type InterfaceInfo, listInterfaces, probeInterface } from '../node/interfaces.ts'
import { detectSystem } from '../node/system.ts'
import { type Advice, adviseOn } from './capture-advice.ts'

export interface Finding {
  readonly about: 'tool' | 'permission' | 'interface'
  readonly name: string
  /** `note`: not as it could be, but nothing is wrong. */
  readonly result: 'ok' | 'note' | 'wrong'
  readonly kind: CaptureErrorKind | null
  readonly detail: string
  readonly advice: readonly Advice[]
}

export interface Examination {
  /** A capture can start on at least one interface. */
  readonly able: boolean
  readonly findings: readonly Finding[]
}

export async function examine(): Promise<Examination> {
  const system = detectSystem()
  const found = findCaptureTools()
  const tools = await Promise.all(found.map(examineTool))
  let tool: FoundTool
  try {
    tool = chooseCaptureTool()
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    // The first, if there is one, is the one that may not be run.
    const name = found[0]?.name ?? CAPTURE_TOOLS.join(', ')
    return { able: false, findings: [wrong('tool', name, error, adviseOn(error, system)), ...tools.slice(1)] }
  }

  const interfaces = (await listInterfaces()).filter(({ kind }) => kind !== 'pseudo')
  const tried = await inTurn(interfaces, (one) => examineInterface(tool, one, system))
  const able = tried.some(({ result }) => result === 'ok')
  const about = { about: 'permission', name: system.user || 'this user' } as const
  if (able) {
    const permission: Finding = { ...about, result: 'ok', kind: null, detail: 'may capture', advice: [] }
    return { able, findings: [...tools, permission, ...tried] }
  }
  const denied = tried.find(({ kind }) => kind === 'no-permission' || kind === 'tool-needs-capabilities')
  if (denied === undefined) return { able, findings: [...tools, ...tried] }
  // The same for all interfaces: what mends it is said once.
  const others = tried.map((one) => (one.kind === denied.kind ? { ...one, advice: [] } : one))
  return { able, findings: [...tools, { ...denied, ...about }, ...others] }
}

async function examineTool(tool: FoundTool): Promise<Finding> {
  const version = tool.executable ? await readToolVersion(tool) : null
  const detail = tool.executable ? `${version ?? 'version unknown'}, ${tool.path}` : `${tool.path}, not executable`
  const result = tool.executable ? 'ok' : 'note'
  return { about: 'tool', name: tool.name, result, kind: null, detail, advice: [] }
}

async function examineInterface(
  tool: FoundTool,
  { name, up }: InterfaceInfo,
  system: ReturnType<typeof detectSystem>,
): Promise<Finding> {
  const { linktypes, error } = await probeInterface(tool, name)
  if (error === null) {
    return { about: 'interface', name, result: 'ok', kind: null, detail: linktypes[0]!, advice: [] }
  }
  const finding = wrong('interface', name, error, adviseOn(error, system, tool.name))
  // Most machines have interfaces that are down on purpose.
  return up === false || error.kind === 'interface-down' ? { ...finding, result: 'note' } : finding
}

function wrong(about: Finding['about'], name: string, error: CaptureError, advice: readonly Advice[]): Finding {
  return { about, name, result: 'wrong', kind: error.kind, detail: error.message, advice }
}

/** One after the other: each starts a program. */
async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await act(item))
  return results
}
