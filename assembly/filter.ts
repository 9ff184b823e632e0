/**
 * Whether a frame is one that the filter takes: the interpreter of src/abi/filter-code.ts. src/filter writes the programs, one
 * for each link type. A load beyond the captured bytes refuses the frame, as in BPF.
 *
 * Almost every filter asks for addresses, ports and protocols alone. Of TCP and UDP over plain IPv4 a verdict then holds for
 * the flow: it is kept in a small table, each flow in the one place its hash says, the last one that came there. That is
 * enough: a flow that is driven out is asked for again. bench/README.md has the gain.
 */
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC } from '../src/abi/families.ts'
import {
  ENDS_DESTINATION,
  ENDS_FAMILY,
  ENDS_LENGTH,
  ENDS_SOURCE,
  FILTER_ENTRY_WORDS,
  FILTER_INSTRUCTION_WORDS,
  FILTER_MEMORY_WORDS,
  FILTER_OF_FLOWS,
  FILTER_OTHER_LINKTYPES,
  FILTER_REFUSES,
  OP_A_TO_X,
  OP_ADD,
  OP_AND,
  OP_BY_X,
  OP_BYTE,
  OP_BYTE_AT_X,
  OP_CONSTANT,
  OP_CONSTANT_X,
  OP_DIV,
  OP_HALF,
  OP_HALF_AT_X,
  OP_IF_BITS,
  OP_IF_EQUAL,
  OP_IF_EQUAL_X,
  OP_IF_GREATER,
  OP_IF_GREATER_X,
  OP_IF_NOT_LESS,
  OP_IF_NOT_LESS_X,
  OP_IPV4_LENGTH_X,
  OP_LENGTH,
  OP_LSH,
  OP_MOD,
  OP_MUL,
  OP_NEG,
  OP_OR,
  OP_RECALL,
  OP_RECALL_X,
  OP_RETURN,
  OP_RSH,
  OP_STORE,
  OP_SUB,
  OP_WORD,
  OP_WORD_AT_X,
  OP_X_TO_A,
  OP_XOR,
} from '../src/abi/filter-code.ts'
import { frame } from '../src/decoders/frame.ts'
import { LINKTYPE_ETHERNET } from '../src/decoders/linktype.ts'
import { walkFrame } from '../src/decoders/walk.ts'
import { commonProtocol, writeCommonKey } from './frame-key.ts'
import { KEY_NONE } from './key-shape.ts'
import { allocate } from './memory.ts'

const INSTRUCTION_LENGTH: usize = (<usize>FILTER_INSTRUCTION_WORDS) << 2
const ENTRY_LENGTH: usize = (<usize>FILTER_ENTRY_WORDS) << 2

/** Places of verdicts: 64 kB, which stay in the second-level cache. */
const VERDICT_BITS: u32 = 12
const VERDICT_LENGTH: usize = 16
/** Asking of both ends costs a walk: 512 kB of places pay off, though they leave the second-level cache. */
const ENDS_BITS: u32 = 15
/** In the second word of a place: it is taken, and the verdict. */
const KNOWN: u64 = 1 << 40
const PASSES: u64 = 1 << 41

/** Ethernet, IPv4 without options, and both ports: what a verdict of a flow is of. */
const LEAST_CAPLEN: u32 = 38
const ETHERTYPE_AT: usize = 12
const VERSION_AT: usize = 14
const FRAGMENT_AT: usize = 20
const PROTOCOL_AT: usize = 23
const ADDRESSES_AT: usize = 26
const PORTS_AT: usize = 34
const ETHERTYPE_IPV4: u32 = 0x0008
const IPV4_WITHOUT_OPTIONS: u32 = 0x45
const FRAGMENT_OFFSET: u32 = 0xff1f
const PROTOCOL_TCP: u32 = 6
const PROTOCOL_UDP: u32 = 17

const scratch = memory.data(4 * 16, 8)

let table: usize = 0
let room: u32 = 0
let verdicts: usize = 0
/** The program of the link type that came last. */
let known: bool = false
let linktypeOfProgram: u32 = 0
let program: usize = 0
let flags: u32 = 0
let refused: i32 = -1

/** The question about both ends of a frame: a program over family and addresses as they lie at `ends`; 0: none. */
let endsProgram: usize = 0
const ends = memory.data(ENDS_LENGTH, 16)
let endsVerdicts: usize = 0
/** For a key that nobody reads: writing it tells whether the frame is a common one. */
const anyKey = memory.data(64, 16)

/** Room for a program about the ends of frames, see src/abi/filter-code.ts. It holds at once. */
export function endsRoom(bytes: u32): usize {
  endsProgram = allocate(bytes)
  endsVerdicts = allocate(VERDICT_LENGTH << ENDS_BITS)
  memory.fill(endsVerdicts, 0, VERDICT_LENGTH << ENDS_BITS)
  return endsProgram
}

function passesEnds(linktype: u32, data: usize, caplen: u32, origlen: u32): bool {
  // Of a common frame of IPv4 the addresses are where they are, and the verdict is kept with them.
  if (frame.tunnels !== 0 || writeCommonKey(anyKey, data, caplen, linktype, 0) === KEY_NONE) {
    return asksEnds(linktype, data, caplen, origlen)
  }
  if (commonProtocol >> 16 !== FAMILY_IPV4) return asksEnds(linktype, data, caplen, origlen)
  const addresses = load<u64>(data + ADDRESSES_AT)
  const place = endsVerdicts + ((<usize>((addresses * 0x9e3779b97f4a7c15) >> (64 - ENDS_BITS))) << 4)
  const kept = load<u64>(place, 8)
  if (kept !== 0 && load<u64>(place) === addresses) return (kept & PASSES) !== 0
  const passes = asksEnds(linktype, data, caplen, origlen)
  store<u64>(place, addresses)
  store<u64>(place, passes ? KNOWN | PASSES : KNOWN, 8)
  return passes
}

function asksEnds(linktype: u32, data: usize, caplen: u32, origlen: u32): bool {
  walkFrame(linktype, <i32>data, <i32>caplen, <i32>origlen)
  const family = <u32>frame.family
  memory.fill(ends, 0, ENDS_LENGTH)
  store<u32>(ends + ENDS_FAMILY, bswap<u32>(family))
  const length: usize = family === FAMILY_IPV4 ? 4 : family === FAMILY_IPV6 ? 16 : family === FAMILY_MAC ? 6 : 0
  // Without addresses there are no places to copy from either, not even nothing.
  if (length > 0) {
    memory.copy(ends + ENDS_SOURCE, frame.source, length)
    memory.copy(ends + ENDS_DESTINATION, frame.destination, length)
  }
  return run(endsProgram, ends, ENDS_LENGTH, origlen)
}

/** Room for a table of so many bytes, to be written before setFilter. */
export function filterRoom(bytes: u32): usize {
  if (bytes > room) {
    table = allocate(bytes)
    room = bytes
  }
  return table
}

/** The table at filterRoom holds from now on, for frames that are read from now on. */
export function setFilter(): void {
  if (verdicts === 0) verdicts = allocate(VERDICT_LENGTH << VERDICT_BITS)
  memory.fill(verdicts, 0, VERDICT_LENGTH << VERDICT_BITS)
  known = false
  refused = -1
}

/** The link type of a frame that the filter cannot be said of; -1: there was none. */
export function refusedLinktype(): i32 {
  return refused
}

function findProgram(linktype: u32): void {
  const count = load<u32>(table)
  let found: usize = 0
  for (let i: u32 = 0, entry = table + 4; i < count; i++, entry += ENTRY_LENGTH) {
    const its = load<u32>(entry)
    if (its === linktype) {
      found = entry
      break
    }
    if (its === FILTER_OTHER_LINKTYPES) found = entry
  }
  known = true
  linktypeOfProgram = linktype
  flags = found === 0 ? FILTER_REFUSES : load<u32>(found, 4)
  program = found === 0 ? 0 : table + ((<usize>load<u32>(found, 8)) << 2)
}

/** Both questions, as far as they are asked. */
export function passesFilter(linktype: u32, data: usize, caplen: u32, origlen: u32): bool {
  if (table !== 0 && !passesPrograms(linktype, data, caplen, origlen)) return false
  return endsProgram === 0 || passesEnds(linktype, data, caplen, origlen)
}

function passesPrograms(linktype: u32, data: usize, caplen: u32, origlen: u32): bool {
  if (!known || linktype !== linktypeOfProgram) findProgram(linktype)
  if ((flags & FILTER_REFUSES) !== 0) {
    // The first of a batch, however long that is.
    if (refused < 0) refused = <i32>linktype
    return false
  }
  if ((flags & FILTER_OF_FLOWS) === 0 || linktype !== LINKTYPE_ETHERNET || caplen < LEAST_CAPLEN) {
    return run(program, data, caplen, origlen)
  }
  const protocol = <u32>load<u8>(data + PROTOCOL_AT)
  if (
    <u32>load<u16>(data + ETHERTYPE_AT) !== ETHERTYPE_IPV4 ||
    <u32>load<u8>(data + VERSION_AT) !== IPV4_WITHOUT_OPTIONS ||
    (<u32>load<u16>(data + FRAGMENT_AT) & FRAGMENT_OFFSET) !== 0 ||
    (protocol !== PROTOCOL_TCP && protocol !== PROTOCOL_UDP)
  ) {
    return run(program, data, caplen, origlen)
  }
  const addresses = load<u64>(data + ADDRESSES_AT)
  const rest = <u64>load<u32>(data + PORTS_AT) | ((<u64>protocol) << 32) | KNOWN
  const hash = (addresses * 0x9e3779b97f4a7c15) ^ (rest * 0xff51afd7ed558ccd)
  const place = verdicts + ((<usize>(hash >> (64 - VERDICT_BITS))) << 4)
  const kept = load<u64>(place, 8)
  if (load<u64>(place) === addresses && (kept & ~PASSES) === rest) return (kept & PASSES) !== 0
  const passes = run(program, data, caplen, origlen)
  store<u64>(place, addresses)
  store<u64>(place, passes ? rest | PASSES : rest, 8)
  return passes
}

/** One bounds check: `at` is 64 bits wide, so that no sum wraps. */
function run(start: usize, data: usize, caplen: u32, origlen: u32): bool {
  let a: u32 = 0
  let x: u32 = 0
  let pc = start
  while (true) {
    const opcode = load<u32>(pc)
    const k = load<u32>(pc, 4)
    switch (opcode) {
      case OP_RETURN:
        return k !== 0
      case OP_WORD:
        if (<u64>k + 4 > <u64>caplen) return false
        a = bswap<u32>(load<u32>(data + k))
        break
      case OP_HALF:
        if (<u64>k + 2 > <u64>caplen) return false
        a = <u32>bswap<u16>(load<u16>(data + k))
        break
      case OP_BYTE:
        if (k >= caplen) return false
        a = <u32>load<u8>(data + k)
        break
      case OP_WORD_AT_X:
        if (<u64>k + <u64>x + 4 > <u64>caplen) return false
        a = bswap<u32>(load<u32>(data + k + x))
        break
      case OP_HALF_AT_X:
        if (<u64>k + <u64>x + 2 > <u64>caplen) return false
        a = <u32>bswap<u16>(load<u16>(data + k + x))
        break
      case OP_BYTE_AT_X:
        if (<u64>k + <u64>x >= <u64>caplen) return false
        a = <u32>load<u8>(data + k + x)
        break
      case OP_LENGTH:
        a = origlen
        break
      case OP_CONSTANT:
        a = k
        break
      case OP_RECALL:
        a = load<u32>(scratch + ((<usize>(k % FILTER_MEMORY_WORDS)) << 2))
        break
      case OP_CONSTANT_X:
        x = k
        break
      case OP_RECALL_X:
        x = load<u32>(scratch + ((<usize>(k % FILTER_MEMORY_WORDS)) << 2))
        break
      case OP_IPV4_LENGTH_X:
        if (k >= caplen) return false
        x = (<u32>load<u8>(data + k) & 0xf) << 2
        break
      case OP_STORE:
        store<u32>(scratch + ((<usize>(k % FILTER_MEMORY_WORDS)) << 2), a)
        break
      case OP_A_TO_X:
        x = a
        break
      case OP_X_TO_A:
        a = x
        break
      case OP_NEG:
        a = 0 - a
        break
      case OP_IF_EQUAL:
        pc = jump(start, pc, a === k)
        break
      case OP_IF_GREATER:
        pc = jump(start, pc, a > k)
        break
      case OP_IF_NOT_LESS:
        pc = jump(start, pc, a >= k)
        break
      case OP_IF_BITS:
        pc = jump(start, pc, (a & k) !== 0)
        break
      case OP_IF_EQUAL_X:
        pc = jump(start, pc, a === x)
        break
      case OP_IF_GREATER_X:
        pc = jump(start, pc, a > x)
        break
      case OP_IF_NOT_LESS_X:
        pc = jump(start, pc, a >= x)
        break
      default: {
        const byX = opcode >= <u32>(OP_ADD + OP_BY_X)
        const operator = byX ? opcode - OP_BY_X : opcode
        const operand = byX ? x : k
        if ((operator === OP_DIV || operator === OP_MOD) && operand === 0) return false
        a = calculate(operator, a, operand)
      }
    }
    pc += INSTRUCTION_LENGTH
  }
}

/** Before where the jump goes: the loop steps on. */
function jump(start: usize, pc: usize, taken: bool): usize {
  return start + (<usize>(taken ? load<u32>(pc, 8) : load<u32>(pc, 12)) - 1) * INSTRUCTION_LENGTH
}

function calculate(operator: u32, a: u32, operand: u32): u32 {
  switch (operator) {
    case OP_ADD:
      return a + operand
    case OP_SUB:
      return a - operand
    case OP_MUL:
      return a * operand
    case OP_DIV:
      return a / operand
    case OP_MOD:
      return a % operand
    case OP_AND:
      return a & operand
    case OP_OR:
      return a | operand
    case OP_XOR:
      return a ^ operand
    case OP_LSH:
      return operand < 32 ? a << operand : 0
    case OP_RSH:
      return operand < 32 ? a >> operand : 0
    default:
      return a
  }
}
