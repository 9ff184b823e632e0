/** Something of a fleet that a person can mend: what is said is one sentence, without passwords. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'
}

/** An address without what nobody should read: the password in it, and what follows a question mark. */
export function redactUrl(address: string): string {
  try {
    const url = new URL(address)
    if (url.password !== '') url.password = '***'
    if (url.search !== '') url.search = '?***'
    return url.href
  } catch {
    return 'an address that is none'
  }
}

/** A message of somebody else's code, which may quote an address or a password of it. */
export function redactText(text: string, address: string): string {
  let clean = text.replaceAll(address, redactUrl(address))
  try {
    const { password } = new URL(address)
    for (const secret of [password, decodeURIComponent(password)]) {
      if (secret !== '') clean = clean.replaceAll(secret, '***')
    }
  } catch {
    // It has none.
  }
  return clean
}

/** What Redis answers, in other words where its own are short. */
export function redisReason({ message }: Error): string {
  return message.startsWith('OOM ') ? 'Redis has no room for more: its maxmemory is reached' : message
}
