/** The first bytes of something that is no capture, to what it is and what to do about it. */

interface Magic {
  /** Hexadecimal, `..` for any byte. */
  readonly start: string
  readonly is: string
}

function decompressFirst(command: string): string {
  return `decompress it first: ${command} | netkit analyze -`
}

function convertFirst(what: string): string {
  return `${what}; convert it first: editcap FILE FILE.pcapng`
}

const MAGICS: readonly Magic[] = [
  { start: 'fd377a585a00', is: `xz-compressed; ${decompressFirst('xz -dc FILE')}` },
  { start: '425a68', is: `bzip2-compressed; ${decompressFirst('bzip2 -dc FILE')}` },
  { start: '4c5a4950', is: `lzip-compressed; ${decompressFirst('lzip -dc FILE')}` },
  { start: '1f9d', is: `compressed by compress(1); ${decompressFirst('gzip -dc FILE')}` },
  { start: '504b0304', is: `a zip archive; ${decompressFirst('unzip -p FILE')}` },
  { start: '504b0506', is: 'an empty zip archive' },
  { start: '377abcaf271c', is: `a 7z archive; ${decompressFirst('7z e -so FILE')}` },
  { start: '526172211a07', is: 'a RAR archive; unpack it first' },
  // The source takes off two layers; what is left has a third.
  { start: '1f8b', is: `gzip-compressed more than twice; ${decompressFirst('gzip -dc FILE')}` },
  { start: '28b52ffd', is: `zstd-compressed more than twice; ${decompressFirst('zstd -dc FILE')}` },
  { start: '04224d18', is: `lz4-compressed more than twice; ${decompressFirst('lz4 -dc FILE')}` },

  // Capture formats of other programs, by the magic numbers in Wireshark's wiretap, release 4.0.
  { start: '736e6f6f70000000', is: convertFirst('a Solaris snoop capture') },
  { start: '474d4255', is: convertFirst('a Microsoft Network Monitor 2 capture') },
  { start: '52545353', is: convertFirst('a Microsoft Network Monitor 1 capture') },
  { start: '54525349464646202020', is: convertFirst('a Sniffer capture') },
  { start: '58435000', is: convertFirst('a NetXRay or Windows Sniffer capture') },
  { start: '6274736e6f6f7000', is: 'a Bluetooth btsnoop capture' },
  { start: '697074726163652031', is: convertFirst('an AIX iptrace capture') },
  { start: '697074726163652032', is: convertFirst('an AIX iptrace capture') },

  // Captures that went through something which took their bytes for text.
  {
    start: 'c394c383c2b2c2a1',
    is: 'a capture whose bytes were converted to UTF-8 on the way; copy it again as binary',
  },
  { start: 'efbfbdc3b2', is: 'a capture whose bytes were converted to UTF-8 on the way; copy it again as binary' },
  {
    start: 'efbfbdefbfbdefbfbdefbfbd',
    is: 'binary data that was converted to UTF-8 on the way; copy it again as binary',
  },
  { start: 'efbbbfd4c3b2a1', is: 'a pcap capture behind a byte order mark; remove its first three bytes' },

  { start: '89504e470d0a1a0a', is: 'a PNG image' },
  { start: 'ffd8ff', is: 'a JPEG image' },
  { start: '47494638', is: 'a GIF image' },
  { start: '25504446', is: 'a PDF document' },
  { start: '7f454c46', is: 'an ELF program' },
  { start: '4d5a', is: 'a Windows program' },
  { start: 'cffaedfe', is: 'a macOS program' },
  { start: '0061736d', is: 'a WebAssembly module' },
  { start: '53514c69746520666f726d6174203300', is: 'an SQLite database' },
  { start: 'd0cf11e0a1b11ae1', is: 'a Microsoft Office document' },
]

/**
 * A pcapng file starts with LF CR CR LF so that this can be told (draft-ietf-opsawg-pcapng §4.1): the magic number that is
 * behind it and behind the block length is there, the line ends are not what they were.
 */
const MANGLED_PCAPNG = /^(?!0a0d0d0a)(0a|0d){2,6}.{8,12}(4d3c2b1a|1a2b3c4d)/

/** In this order: the first that matches names the text. */
const TEXTS: readonly { readonly like: RegExp; readonly is: string }[] = [
  { like: /^version https:\/\/git-lfs/, is: 'a git-lfs pointer, not the file itself; fetch that first: git lfs pull' },
  {
    like: /^\s*(<!doctype html|<html|<head|<body)/i,
    is: 'an HTML page, as a web server sends in place of a file; download the capture again',
  },
  { like: /^\s*<\?xml[\s\S]*<(pdml|psml)/i, is: `tshark's XML output; netkit reads the capture that it was made from` },
  { like: /^\s*<(\?xml|[a-z])/i, is: 'XML text' },
  {
    like: /^\s*\[?\s*\{[\s\S]*"(_source|layers)"/,
    is: `tshark's JSON output; netkit reads the capture that it was made from`,
  },
  { like: /^\s*(\{\s*("|\}|$)|\[\s*(["{[\]\d-]|$))/, is: 'JSON text' },
  {
    like: /^(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d+ (IP6?|ARP|[0-9a-f]{2}:|\w+,? )/,
    is: `tcpdump's text output; record packets instead: tcpdump -w FILE`,
  },
  {
    like: /^\s*\d+\s+\d+\.\d+\s+\S+\s+(→|->|â†’)/,
    is: `tshark's text output; record packets instead: tshark -w FILE`,
  },
  { like: /^\s*0000\d*[ :\t]+([0-9a-f]{2} ){4}/i, is: 'a hex dump; make a capture of it: text2pcap FILE FILE.pcap' },
  {
    like: /^(1MOyoQ|obLD1A|TTyyoQ|obI8TQ|Cg0NCg)/,
    is: 'a capture in base64; decode it first: base64 -d FILE | netkit analyze -',
  },
  { like: /^#!/, is: 'a script' },
]

/** How many bytes at most are looked at. */
const LOOK = 4096

/**
 * What the bytes are, as the end of the sentence "not a capture but …", with what to do after a semicolon; null for what nobody knows
 * and for no bytes at all. FILE in a hint stands for the file's name. The more of the first 4 KiB it gets, the better it tells.
 */
export function describeForeignFormat(firstBytes: Uint8Array): string | null {
  const bytes = firstBytes.subarray(0, LOOK)
  if (bytes.length === 0) return null
  const hex = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const magic = MAGICS.find(({ start }) => hex.startsWith(start))
  if (magic !== undefined) return magic.is
  if (MANGLED_PCAPNG.test(hex)) {
    return 'a pcapng capture whose line ends were changed on the way; copy it again as binary'
  }
  if (bytes.length >= 4 && bytes.every((byte) => byte === 0)) {
    return `nothing but zero bytes (the first ${bytes.length} of them looked at): a file that was never written, or a failed copy`
  }
  if (isTar(bytes)) return `a tar archive; ${decompressFirst('tar -xOf FILE')}`
  return describeText(bytes)
}

/** POSIX ustar: the magic stands behind the first member's name and numbers. */
function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= 262 && latin1(bytes.subarray(257, 262)) === 'ustar'
}

function describeText(bytes: Uint8Array): string | null {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const text = bytes.subarray(marked ? 3 : 0)
  // Printable ASCII, tab, newline, carriage return, escape sequences, and whatever UTF-8 or Latin-1 has above.
  if (!text.every((byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b))
    return null
  const high = text.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0)
  const visible = text.some((byte) => byte > 0x20)
  if (text.length < 4 || !visible || high * 2 > text.length) return null
  const characters = new TextDecoder().decode(text)
  return TEXTS.find(({ like }) => like.test(characters))?.is ?? 'plain text'
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
