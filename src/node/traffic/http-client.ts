/** One GET over a connection of its own → status and body length. For the loopback servers; bodies are not kept. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

export interface Answer {
  readonly status: number
  readonly bodyBytes: number
}

/** Rejects when the connection fails or ends early, or with `signal`. */
export async function getOnce(url: string, signal?: AbortSignal): Promise<Answer> {
  // An agent of its own keeps no connection: the next request begins with a handshake, which is traffic to look at.
  const request = get(url, { agent: false, ...(signal !== undefined && { signal }) })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let bodyBytes = 0
  for await (const chunk of response) bodyBytes += (chunk as Buffer).length
  return { status: response.statusCode ?? 0, bodyBytes }
}
