/** `analyze --cluster`: the same analysis, with frames that others count. */

import { SourceUnavailable } from '../capture/source.ts'
import type { AnalysisRecord } from '../engine/records.ts'
import { ClusterClient, type RunProgress } from '../node/cluster/client.ts'
import { partsOnCluster, rangesOnCluster } from '../node/cluster/cluster-counting.ts'
import type { SharedFile } from '../node/cluster/file-identity.ts'
import { checkFile, describeFile, isAddress, openShared, shownPlace } from '../node/cluster/shared-file.ts'
import { type FileInput, findInputs } from '../node/inputs.ts'
import type { AnalyzeOptions } from '../pipeline/analyze.ts'
import { countParts } from '../pipeline/partial-merge.ts'
import { CommandError, EXIT_INTERRUPTED_TWICE, usageError } from './exit-codes.ts'
import { startStatusLine } from './status-line.ts'

export interface ClusterRun {
  readonly inputs: readonly FileInput[]
  /** For the pipeline: how frames are counted. */
  readonly counting: Pick<AnalyzeOptions, 'startRanges' | 'countFrames'>
  /** The records, of files that did not change meanwhile. Ctrl-C ends the run: a part of a result is none. */
  checked(records: AsyncIterable<AnalysisRecord>): AsyncGenerator<AnalysisRecord>
  /** Partial results of a run that was `finished` go; those of others stay for a day. */
  close(): Promise<void>
}

export interface ClusterRunOptions {
  readonly url: string
  readonly names: readonly string[]
  readonly chosen: Chosen
  readonly maxFlows: number
  readonly quiet: boolean
  readonly signal: AbortSignal
  complain(sentence: string): void
}

type Chosen = Pick<AnalyzeOptions, 'salvage' | 'tcp' | 'times' | 'limit' | 'shape'>

/** What one thread has to read in the order of all frames is not for a fleet. */
function refuseUnshared(chosen: Chosen, names: readonly string[]): void {
  const alone: [boolean, string][] = [
    [chosen.salvage === true, '--salvage'],
    [chosen.tcp !== undefined && chosen.tcp.length > 0, '--tcp'],
    [chosen.times !== undefined, '--times'],
    [chosen.limit !== undefined, '--count'],
    [chosen.shape?.burstNs != null, '--burst'],
  ]
  for (const [isAsked, flag] of alone) {
    if (isAsked)
      throw usageError(`--cluster: ${flag} needs all packets in their order, on one machine: leave out one of the two`)
  }
  if (names.includes('-'))
    throw usageError('--cluster: nobody else can read stdin: name files that all workers can read')
}

export async function startClusterRun(options: ClusterRunOptions): Promise<ClusterRun> {
  const { url, names, signal } = options
  refuseUnshared(options.chosen, names)
  const { inputs, files } = await findShared(names)
  let progress: RunProgress = { done: 0, found: 0, asked: 0 }
  const startLine = () => (options.quiet ? { stop() {} } : startStatusLine(() => progressText(progress)))
  let line = startLine()
  const complain = (sentence: string) => {
    line.stop()
    options.complain(sentence)
    line = startLine()
  }
  const client = await ClusterClient.connect(url, {
    lost: (reason) => complain(`no connection to the cluster: ${reason}; trying again`),
    back: () => complain('the cluster is back'),
    waitingForWorkers: () =>
      complain('no worker is there yet: netkit worker --cluster … starts one, here or elsewhere'),
    progress(now) {
      progress = now
    },
  }).catch((error: Error) => {
    line.stop()
    throw error
  })
  const stop = () =>
    void client.cancel(
      `interrupted: nothing is shown; for the same command ${progress.done} counted parts are kept for a day`,
    )
  signal.addEventListener('abort', stop, { once: true })
  const only = inputs.length === 1 ? files.get(inputs[0]!.name) : undefined
  const counting =
    inputs.length > 1
      ? {
          countFrames: countParts(
            partsOnCluster(
              client,
              (name) => files.get(name)!,
              (reason) => complain(`not shared, but read here: ${reason}`),
            ),
            { maxFlows: options.maxFlows },
          ),
        }
      : only === undefined
        ? {}
        : { startRanges: rangesOnCluster(client, only) }
  let isFinished = false
  return {
    inputs,
    counting,
    async *checked(records) {
      try {
        for await (const record of records) {
          line.stop()
          yield record
        }
      } catch (error) {
        if (signal.aborted) throw new CommandError((error as Error).message, EXIT_INTERRUPTED_TWICE)
        throw error
      }
      if (signal.aborted) throw new CommandError('interrupted', EXIT_INTERRUPTED_TWICE)
      for (const file of files.values()) await checkFile(file)
      isFinished = true
    },
    async close() {
      line.stop()
      signal.removeEventListener('abort', stop)
      if (isFinished) await client.forget()
      else await client.cancel('the run has ended')
      await client.close()
    },
  }
}

function progressText({ done, found, asked }: RunProgress): string {
  const before = found === 0 ? '' : `, ${found} of them before`
  return `counted ${done} of ${asked} parts${before}`
}

/** Inputs of the pipeline, and what workers are told of them, by name. What does not exist has no file. */
async function findShared(names: readonly string[]): Promise<{ inputs: FileInput[]; files: Map<string, SharedFile> }> {
  const inputs: FileInput[] = []
  const files = new Map<string, SharedFile>()
  const paths = names.filter((name) => !isAddress(name))
  const found = paths.length === 0 ? [] : await findInputs(paths)
  for (const input of found) {
    inputs.push(input)
    if (input.repeatable) files.set(input.name, await describeFile(input.path))
    else if (input.size === null) throw usageError(`--cluster: ${input.name} is no file: nobody else can read it`)
  }
  const taken = new Set<string>()
  for (const address of new Set(names.filter(isAddress))) {
    const shown = shownPlace(address)
    // What is not shown may be all that two addresses differ in.
    let name = shown
    for (let i = 2; taken.has(name); i++) name = `${shown} (${i})`
    taken.add(name)
    try {
      const file = await describeFile(address)
      files.set(name, file)
      inputs.push({ path: name, name, repeatable: true, size: file.size, open: () => openShared(file) })
    } catch (error) {
      if (!(error instanceof SourceUnavailable) || names.length === 1) throw error
      inputs.push({ path: name, name, repeatable: false, size: 0, open: () => Promise.reject(error) })
    }
  }
  return { inputs, files }
}
