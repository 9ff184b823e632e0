import { availableParallelism } from 'node:os'
import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { CLUSTER_VARIABLE, clusterUrlOf } from '../cli/cluster-flags.ts'
import { EXIT_OK, usageError } from '../cli/exit-codes.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'

export default class Worker extends BaseCommand {
  static override summary = 'Count captures for those who run netkit analyze --cluster.'

  static override description =
    `Takes jobs from a Redis or Valkey until Ctrl-C, which lets it finish those at hand; a second one ends it at once, and others do them.
It reads the files itself: by the paths that analyze was given, or from http(s):// and s3://. Whoever may write to the Redis may have any file counted that a worker can read.

Exit codes: 0 ended by Ctrl-C, 1 runtime error (no Redis there), 2 usage.`

  static override examples = [
    {
      description: 'As many jobs at once as there are processors',
      command: '<%= config.bin %> <%= command.id %> --cluster redis://host',
    },
    {
      description: 'With TLS, and a password that no list of processes shows',
      command: `${CLUSTER_VARIABLE}=rediss://:password@host <%= config.bin %> <%= command.id %> --jobs 4`,
    },
  ]

  static override flags = {
    cluster: Flags.string({
      helpValue: 'redis://HOST',
      summary: `Where jobs come from: redis://[[USER]:PASSWORD@]HOST[:PORT], or rediss://… with TLS. Also by ${CLUSTER_VARIABLE}.`,
    }),
    jobs: Flags.integer({
      char: 'j',
      min: 1,
      max: 256,
      helpValue: 'N',
      summary: 'Jobs at once, each on a thread of its own with some 50 to 300 MB. Default: one for each processor.',
    }),
    quiet: Flags.boolean({ char: 'q', summary: 'Say only what goes wrong.' }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Worker)
    const url = clusterUrlOf(flags)
    if (url === undefined) throw usageError(`no cluster: --cluster redis://HOST, or ${CLUSTER_VARIABLE}`)
    const jobs = flags.jobs ?? availableParallelism()
    const signal = interruptSignal()
    const { startClusterWorker } = await import('../node/cluster/worker.ts')
    const tell = (sentence: string) => {
      if (!flags.quiet) this.complain(sentence)
    }
    let counted = 0
    let bytes = 0
    const worker = await startClusterWorker(url, jobs, loadCaptureModule(), {
      lost: (reason) => this.complain(`no connection to the cluster: ${reason}; trying again`),
      back: () => this.complain('the cluster is back'),
      failed: (reason) => this.complain(reason),
      counted(fileBytes) {
        counted++
        bytes += fileBytes
      },
    })
    tell(`counting for ${worker.address}, ${jobs} ${jobs === 1 ? 'job' : 'jobs'} at once; Ctrl-C ends it`)
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    tell('finishing the jobs at hand; Ctrl-C again leaves them to others')
    await worker.close()
    tell(`counted ${counted} ${counted === 1 ? 'part' : 'parts'}, ${(bytes / 1e6).toFixed(1)} MB`)
    process.exitCode = EXIT_OK
  }
}
