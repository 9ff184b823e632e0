import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { unavailable } from '../../src/node/system-error.ts'

test('a sentence without the words of Node', () => {
  const error = Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: 'EACCES', errno: -13 })
  expect(unavailable('open', 'x.pcap', error).message).toBe('cannot open x.pcap: permission denied')
  const rare = Object.assign(new Error("ETXTBSY: busy, read 'x'"), {
    code: 'ETXTBSY',
    errno: constants.errno.ETXTBSY * -1,
  })
  expect(unavailable('read', 'x.pcap', rare).message).toBe('cannot read x.pcap: text file is busy')
  expect(unavailable('read', 'x.pcap', { code: 'ERR_NEW' }).message).toBe('cannot read x.pcap: ERR_NEW')
  expect(unavailable('read', 'x.pcap', null).message).toBe('cannot read x.pcap: unknown error')
  expect(unavailable('read', 'x', new Error('gone')).message).toBe('cannot read x: gone')
  expect(unavailable('read', 'x', new Error()).message).toBe('cannot read x: unknown error')
  const ours = new SourceUnavailable('ours')
  expect(unavailable('read', 'x.pcap', ours)).toBe(ours)
})
