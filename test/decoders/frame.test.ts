import { beforeEach, describe, expect, test } from 'vitest'
import { FAMILY_INTERFACE, FAMILY_IPV4, FAMILY_MAC } from '../../src/abi/families.ts'
import * as subject from '../../src/decoders/frame.ts'
import { LAYER_NONE, LAYER_UDP } from '../../src/decoders/layers.ts'
import { LINKTYPE_ETHERNET } from '../../src/decoders/linktype.ts'
import { beginFrame } from '../../src/decoders/walk.ts'

const { frame } = subject

beforeEach(() => {
  beginFrame(LINKTYPE_ETHERNET, 0, 60, 60)
})

describe('narrow', () => {
  test('ends the bytes earlier, never later', () => {
    subject.narrow(40, subject.LIMIT_IPV4_TOTAL_LENGTH)
    subject.narrow(50, subject.LIMIT_UDP_LENGTH)
    expect(frame).toMatchObject({ end: 40, limit: subject.LIMIT_IPV4_TOTAL_LENGTH })
    subject.narrow(30, subject.LIMIT_UDP_LENGTH)
    expect(frame).toMatchObject({ end: 30, limit: subject.LIMIT_UDP_LENGTH })
  })

  test('where the capture ends at the same byte, the length field is the limit', () => {
    beginFrame(LINKTYPE_ETHERNET, 0, 60, 100)
    subject.narrow(60, subject.LIMIT_IPV4_TOTAL_LENGTH)
    expect(frame.limit).toBe(subject.LIMIT_IPV4_TOTAL_LENGTH)
    expect(subject.stopShort(LAYER_UDP, 8)).toBe(LAYER_NONE)
    expect(frame.stopReason).toBe(subject.STOP_MALFORMED)
  })
})

describe('stopShort', () => {
  test('is truncated where the capture ended the bytes, else malformed', () => {
    frame.at = 57
    subject.stopShort(LAYER_UDP, 8)
    expect(frame).toMatchObject({
      stopReason: subject.STOP_MALFORMED,
      stopLayer: LAYER_UDP,
      stopAt: 57,
      stopNeeded: 8,
      stopAvailable: 3,
      stopLimit: subject.LIMIT_FRAME,
    })
    beginFrame(LINKTYPE_ETHERNET, 0, 60, 61)
    subject.stopShort(LAYER_UDP, 8)
    expect(frame).toMatchObject({ stopReason: subject.STOP_TRUNCATED, stopLimit: subject.LIMIT_CAPTURE })
  })

  test('available is never negative', () => {
    frame.at = 70
    subject.stopShort(LAYER_UDP, 8)
    expect(frame.stopAvailable).toBe(0)
  })
})

describe('what names the frame', () => {
  test('an EtherType alone is one of the interface', () => {
    subject.foundEtherType(0x88cc)
    expect(frame).toMatchObject({ family: FAMILY_INTERFACE, protocol: 0x88cc, source: -1 })
  })

  test('the outermost MAC addresses, and the innermost EtherType', () => {
    subject.foundMacs(6, 0)
    subject.foundEtherType(0x8100)
    subject.foundMacs(26, 20)
    subject.foundEtherType(0x0806)
    expect(frame).toMatchObject({ family: FAMILY_MAC, source: 6, destination: 0, sourceMac: 6, protocol: 0x0806 })
  })

  test('no link header behind an IP header', () => {
    Object.assign(frame, { family: FAMILY_IPV4, source: 26, protocol: 17 })
    subject.foundMacs(56, 50)
    subject.foundEtherType(0x0800)
    expect(frame).toMatchObject({ family: FAMILY_IPV4, source: 26, protocol: 17 })
  })
})
