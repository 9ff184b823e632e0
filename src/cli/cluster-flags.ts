/** Where the fleet meets: a Redis, by flag or by environment, and never in a list of processes with its password. */
import { Flags } from '@oclif/core'
import { usageError } from './exit-codes.ts'

/** In place of the flag: what is in the environment of a process is nobody else's to see. */
export const CLUSTER_VARIABLE = 'NETKIT_CLUSTER'

export const clusterFlag = {
  cluster: Flags.string({
    helpValue: 'redis://HOST',
    helpGroup: 'SOURCE',
    summary: `Have files counted by the machines that run netkit worker with the same Redis (rediss://… with TLS). The result is the same to the byte. Also by ${CLUSTER_VARIABLE}, which hides a password. FILE may be http(s)://… or s3://… then.`,
  }),
}

/** The address; undefined where there is none. The command line that other users see loses its password. */
export function clusterUrlOf({ cluster }: { readonly cluster?: string | undefined }): string | undefined {
  const url = cluster ?? process.env[CLUSTER_VARIABLE]
  if (url === undefined || url === '') return undefined
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:')) {
    throw usageError('--cluster: an address is redis://HOST[:PORT], or rediss://HOST[:PORT] with TLS')
  }
  if (cluster !== undefined && parsed.password !== '') process.title = 'netkit'
  return url
}
