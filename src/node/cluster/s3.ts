/**
 * s3://BUCKET/KEY → a request, signed as S3 wants it (AWS Signature Version 4, "Authenticating Requests: Using the Authorization Header").
 * By hand, because of all that a signer does this is the case of a GET without a body: some forty lines. The access comes from where every tool
 * for S3 has it from: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION; AWS_ENDPOINT_URL for another than
 * Amazon's. Without keys the request is not signed: a bucket that everybody may read.
 */
import { createHash, createHmac } from 'node:crypto'
import { SourceUnavailable } from '../../capture/source.ts'

/** Of no bytes at all. */
const NO_BODY = createHash('sha256').update('').digest('hex')

export interface SignedRequest {
  readonly url: string
  readonly headers: Record<string, string>
}

/** `headers` in small letters. */
export function s3Request(
  address: string,
  headers: Record<string, string>,
  env: NodeJS.ProcessEnv,
  now: Date,
): SignedRequest {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/i.exec(address) ?? []
  if (bucket === '') throw new SourceUnavailable(`cannot read ${address}: it is s3://BUCKET/KEY`)
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1'
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL
  const path = key.split('/').map(encode).join('/')
  // A name with dots has no certificate as part of a host's name.
  const isHost = endpoint === undefined && !bucket.includes('.')
  const base =
    endpoint?.replace(/\/+$/, '') ??
    `https://${isHost ? `${bucket}.` : ''}s3.${region === 'us-east-1' ? '' : `${region}.`}amazonaws.com`
  const url = new URL(`${base}${isHost ? '' : `/${encode(bucket)}`}/${path}`)
  const id = env.AWS_ACCESS_KEY_ID
  const secret = env.AWS_SECRET_ACCESS_KEY
  if (!id || !secret) return { url: url.href, headers }

  const time = `${now.toISOString().replace(/[-:]|\.\d+/g, '')}`
  const date = time.slice(0, 8)
  const signed: Record<string, string> = {
    ...headers,
    'x-amz-content-sha256': NO_BODY,
    'x-amz-date': time,
    ...(env.AWS_SESSION_TOKEN && { 'x-amz-security-token': env.AWS_SESSION_TOKEN }),
  }
  const all: Record<string, string> = { ...signed, host: url.host }
  const names = Object.keys(all).sort()
  const canonical = [
    'GET',
    url.pathname,
    '',
    ...names.map((name) => `${name}:${all[name]}`),
    '',
    names.join(';'),
    NO_BODY,
  ]
  const scope = `${date}/${region}/s3/aws4_request`
  const hash = createHash('sha256').update(canonical.join('\n')).digest('hex')
  const signingKey = [date, region, 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`))
  const signature = hmac(signingKey, ['AWS4-HMAC-SHA256', time, scope, hash].join('\n')).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { url: url.href, headers: { ...signed, authorization } }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** RFC 3986: all but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}
