import { expect, test } from 'vitest'
import { s3Request } from '../../src/node/cluster/s3.ts'

const RANGE = { range: 'bytes=0-9' }

/** Amazon S3 API Reference, "Signature Calculations for the Authorization Header", example GET Object. */
test('the example of the documentation has the signature of the documentation', () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  }
  const { url, headers } = s3Request('s3://examplebucket/test.txt', RANGE, env, new Date('2013-05-24T00:00:00Z'))
  expect(url).toBe('https://examplebucket.s3.amazonaws.com/test.txt')
  expect(headers.authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  )
})

test('without keys nothing is signed; regions, dots and other endpoints have addresses of their own', () => {
  const now = new Date()
  expect(s3Request('s3://open-data/a b/é.pcap', RANGE, { AWS_REGION: 'eu-central-1' }, now)).toEqual({
    url: 'https://open-data.s3.eu-central-1.amazonaws.com/a%20b/%C3%A9.pcap',
    headers: RANGE,
  })
  expect(s3Request('s3://a.b/c', RANGE, {}, now).url).toBe('https://s3.amazonaws.com/a.b/c')
  expect(s3Request('s3://a/c', RANGE, { AWS_ENDPOINT_URL: 'http://localhost:9000/' }, now).url).toBe(
    'http://localhost:9000/a/c',
  )
  expect(() => s3Request('s3://bucket', RANGE, {}, now)).toThrow('cannot read s3://bucket: it is s3://BUCKET/KEY')
})
