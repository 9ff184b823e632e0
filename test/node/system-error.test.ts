import { expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { unavailable } from '../../src/node/system-error.ts'

test('a sentence without the words of Node', () => {
  const error = Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: 'EACCES', errno: -13 })
  expect(unavailable('open', 'x.pcap', error).message).toBe('cannot open x.pcap: permission denied')
  const rare = Object.assign(new Error("ESTALE: stale, read 'x'"), { code: 'EROFS', errno: -30 })
  expect(unavailable('read', 'x.pcap', rare).message).toBe('cannot read x.pcap: read-only file system')
  expect(unavailable('read', 'x.pcap', { code: 'ERR_NEW' }).message).toBe('cannot read x.pcap: ERR_NEW')
  expect(unavailable('read', 'x.pcap', null).message).toBe('cannot read x.pcap: unknown error')
  const ours = new SourceUnavailable('ours')
  expect(unavailable('read', 'x.pcap', ours)).toBe(ours)
})
