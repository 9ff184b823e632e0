import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { displayWidth } from '../../src/loggers/text-table.ts'
import { LIVE_SORTS } from '../../src/pipeline/live-frame.ts'
import type { Page } from '../../src/tui/choices.ts'
import { GROUPINGS, SCREEN_UNITS } from '../../src/tui/groupings.ts'
import { layOut, renderScreen } from '../../src/tui/render-screen.ts'
import type { ScreenState } from '../../src/tui/screen-state.ts'
import { createScreenStyle } from '../../src/tui/screen-style.ts'
import { officeState } from './office-state.ts'

/** As a person sees it: what is blank at the end of a line is not seen. */
const look = (state: ScreenState, columns: number, rows: number) =>
  `\n${renderScreen(state, columns, rows)
    .map((line) => line.trimEnd())
    .join('\n')}\n`

const named = (name: string) => GROUPINGS.find((grouping) => grouping.name === name)!

describe('pictures', () => {
  test('80 × 24', async () => {
    expect(look(await officeState(9.1), 80, 24)).toMatchInlineSnapshot(`
      "
      office.pcapng  replay x1  00:00:09              drops 0  2026-11-22 13:28:31 UTC
      74.97 Kbps  peak 411.70 Kbps  88 frames/s                  651 frames  169.64 kB
                                                         █▄▄▄▁▂▂▂▂          window 5 s

        pair                                        6 s    Kbps ▼      peak      total
        192.168.1.20    → 198.51.100.60  UDP      ▁████     23.68     29.60   14.80 kB
        198.51.100.60   → 192.168.1.20   UDP      ▁████     23.68     29.60   14.80 kB
        203.0.113.10    → 192.168.1.20   TCP       █▇▇▇     19.93    254.35   44.25 kB
        2001:db8:80::10 → fd00::20       TCP     █▁          4.78    177.86   84.29 kB
        192.168.1.20    → 203.0.113.10   TCP       █▂▂▂      1.40     14.92    2.74 kB
        192.168.1.1     → 192.168.1.20   UDP      ▄█         0.41      2.88      619 B
        fd00::20        → 2001:db…80::10 TCP     █▂          0.39     16.69    5.34 kB
        192.168.1.20    → 192.168.1.1    UDP      ▄█         0.36      2.40      527 B
        fe80::c…ea8:128 → ff02::fb       UDP        █        0.18      0.89      333 B
        192.168.1.40    → 224.0.0.251    UDP        █        0.15      0.73      273 B
        192.168.1.20    → 203.0.113.10   ICMP    █              -      1.57      588 B
        203.0.113.10    → 192.168.1.20   ICMP    █              -      1.57      588 B
        192.168.1.20    → 239.255…55.250 UDP                    -      1.09      136 B
        192.168.1.20    → 192.168.1.255  UDP     █              -      0.74       92 B
        fd00::20        → ff02::1:ff00:1 ICMPv6                 -      0.69       86 B
        fd00::1         → fd00::20       ICMPv6                 -      0.69       86 B
        … 2 more pairs

      q quit  ? help  p pause  s rate  g pair  / filter  Enter open  w 5 s  b Kbps
      "
    `)
  })

  test('120 × 40, by flow, with a row marked', async () => {
    const state = await officeState(9.1, { grouping: named('flow'), selectRow: 1, units: 'auto' })
    expect(look(state, 120, 40)).toMatchInlineSnapshot(`
      "
      office.pcapng  replay x1  00:00:09                                                      drops 0  2026-11-22 13:28:31 UTC
      74.97 kbit/s  peak 411.70 kbit/s  88 frames/s                                                      651 frames  169.64 kB
                                                         █                                                    to 411.70 kbit/s
                                                         █▃▃▃                                                        last 60 s
                                                         ████▂▅▅▅▅                                                  window 5 s

        flow                                                     last 12 s         rate ▼           peak      total    packets
        192.168.1.20:51903    → 198.51.100.60:5004    UDP            ▁████   23.68 kbit/s   29.60 kbit/s   14.80 kB        200
      › 198.51.100.60:5004    → 192.168.1.20:51903    UDP            ▁████   23.68 kbit/s   29.60 kbit/s   14.80 kB        200
        203.0.113.10:80       → 192.168.1.20:45298    TCP             █▇▇▇   19.93 kbit/s   26.96 kbit/s   12.45 kB         11
        [2001:db8:80::10]:443 → [fd00::20]:34334      TCP        ▅███▁        4.78 kbit/s  177.86 kbit/s   84.29 kB          4
        192.168.1.20:45298    → 203.0.113.10:80       TCP             █▂▂▂    1.40 kbit/s    3.86 kbit/s      878 B         12
        [fd00::20]:34334      → [2001:db8:80::10]:443 TCP        █▅▄▃▁       393.60 bit/s   16.69 kbit/s    5.34 kB          3
        [fe80::c…a8:128]:5353 → [ff02::fb]:5353       UDP         ██   █     177.60 bit/s   888.00 bit/s      333 B          1
        192.168.1.1:53        → 192.168.1.20:43894    UDP            █       148.80 bit/s   744.00 bit/s       93 B          1
        192.168.1.40:5353     → 224.0.0.251:5353      UDP         ██   █     145.60 bit/s   728.00 bit/s      273 B          1
        192.168.1.1:53        → 192.168.1.20:53920    UDP             █      145.60 bit/s   728.00 bit/s       91 B          1
        192.168.1.20:43894    → 192.168.1.1:53        UDP            █       123.20 bit/s   616.00 bit/s       77 B          1
        192.168.1.20:55262    → 192.168.1.1:53        UDP             █      120.00 bit/s   600.00 bit/s       75 B          1
        192.168.1.1:53        → 192.168.1.20:55262    UDP             █      120.00 bit/s   600.00 bit/s       75 B          1
        192.168.1.20:53920    → 192.168.1.1:53        UDP             █      120.00 bit/s   600.00 bit/s       75 B          1
        203.0.113.10:80       → 192.168.1.20:36606    TCP        █                      -  254.35 kbit/s   31.79 kB          -
        192.168.1.20:36606    → 203.0.113.10:80       TCP        █                      -   14.92 kbit/s    1.86 kB          -
        192.168.1.20          → 203.0.113.10          ICMP       ▄▄██                   -    1.57 kbit/s      588 B          -
        203.0.113.10          → 192.168.1.20          ICMP       ▄▄██                   -    1.57 kbit/s      588 B          -
        192.168.1.20:60810    → 239.255.255.250:1900  UDP          █                    -    1.09 kbit/s      136 B          -
        192.168.1.1:53        → 192.168.1.20:38223    UDP        █                      -   824.00 bit/s      103 B          -
        192.168.1.20:57569    → 192.168.1.255:137     UDP           █                   -   736.00 bit/s       92 B          -
        192.168.1.1:53        → 192.168.1.20:58935    UDP        █                      -   728.00 bit/s       91 B          -
        192.168.1.1:53        → 192.168.1.20:34413    UDP        █                      -   728.00 bit/s       91 B          -
        fd00::20              → ff02::1:ff00:1        ICMPv6     █                      -   688.00 bit/s       86 B          -
        fd00::1               → fd00::20              ICMPv6     █                      -   688.00 bit/s       86 B          -
        192.168.1.20:52230    → 192.168.1.1:53        UDP        █                      -   600.00 bit/s       75 B          -
        192.168.1.1:53        → 192.168.1.20:52230    UDP        █                      -   600.00 bit/s       75 B          -
        192.168.1.20:58935    → 192.168.1.1:53        UDP        █                      -   600.00 bit/s       75 B          -
        192.168.1.20:38223    → 192.168.1.1:53        UDP        █                      -   600.00 bit/s       75 B          -
        192.168.1.20:34413    → 192.168.1.1:53        UDP        █                      -   600.00 bit/s       75 B          -
        … 2 more flows

      q quit  ? help  p pause  s rate  g flow  / filter  Enter open  w 5 s  b auto  ←→ 10 s  +- speed  n names
      "
    `)
  })

  test('200 columns have room for labels', async () => {
    expect(look(await officeState(9.1, { grouping: named('conversation') }), 200, 12)).toMatchInlineSnapshot(`
      "
      office.pcapng  replay x1  00:00:09                                                                                                                                      drops 0  2026-11-22 13:28:31 UTC
      74.97 Kbps  peak 411.70 Kbps  88 frames/s                                                                                                                                          651 frames  169.64 kB
        conversation                                                                                                                                       last 60 s    Kbps ▼      peak      total    packets
        192.168.1.20:51903 (Private Network)    ↔ 198.51.100.60:5004 (Documentation)   UDP                                                                     ▁████     47.36     59.20   29.60 kB        400
        192.168.1.20:45298 (Private Network)    ↔ 203.0.113.10:80 (Documentation)      TCP                                                                      █▇▇▇     21.33     30.82   13.33 kB         23
        [2001:db8:80::10]:443 (Documentation)   ↔ [fd00::20]:34334 (Private Network)   TCP                                                                 ▆███▁          5.18    187.49   89.63 kB          7
        192.168.1.1:53 (Private Network)        ↔ 192.168.1.20:43894 (Private Network) UDP                                                                     █          0.27      1.36      170 B          2
        192.168.1.1:53 (Private Network)        ↔ 192.168.1.20:53920 (Private Network) UDP                                                                      █         0.27      1.33      166 B          2
        192.168.1.1:53 (Private Network)        ↔ 192.168.1.20:55262 (Private Network) UDP                                                                      █         0.24      1.20      150 B          2
        [fe80::c0ff:fea8:128]:5353 (Link-Local) ↔ [ff02::fb]:5353 (Multicast)          UDP                                                                  ██   █        0.18      0.89      333 B          1
        … 13 more conversations
      q quit  ? help  p pause  s rate  g conversation  / filter  Enter open  w 5 s  b Kbps  ←→ 10 s  +- speed  n names
      "
    `)
  })

  test('40 × 10', async () => {
    expect(look(await officeState(9.1), 40, 10)).toMatchInlineSnapshot(`
      "
      office.pcapng  replay x1         drops 0
      74.97 Kbps         651 frames  169.64 kB
        pair                            Kbps ▼
        192.168.1.20  → 198.51…00.60     23.68
        198.51.100.60 → 192.168.1.20     23.68
        203.0.113.10  → 192.168.1.20     19.93
        2001:d…80::10 → fd00::20          4.78
        192.168.1.20  → 203.0.113.10      1.40
        … 13 more pairs
      q quit  ? help  p pause  s rate  g pair
      "
    `)
  })

  test('a row taken apart', async () => {
    const state = await officeState(9.1, { page: 'detail', grouping: named('host'), selectRow: 0 })
    expect(look(state, 80, 24)).toMatchInlineSnapshot(`
      "
      office.pcapng  replay x1  00:00:09              drops 0  2026-11-22 13:28:31 UTC
      74.97 Kbps  peak 411.70 Kbps  88 frames/s                  651 frames  169.64 kB

      192.168.1.20 (Private Network)

                   rate     peak, 60 s        total   packets
      →      25.45 Kbps     34.66 Kbps     18.89 kB       254
      ←      44.02 Kbps    258.02 Kbps     60.26 kB       249
      seen 13:28:22 to 13:28:31 UTC (9 s), 503 packets on eth0

      → last 60 s, up to 34.66 Kbps
                                                              █▆▆▆
                                                         █▁▁▁▁████
      ← last 60 s, up to 258.02 Kbps
                                                         █
                                                         █▁▁▁▁▄▃▃▃

      24 flows, 1 to 4                                      Kbps       total   packets
      203.0.113.10:80    → 192.168.1.20:36606 TCP              -    31.79 kB        25
      192.168.1.20:51903 → 198.51.100.60:5004 UDP          23.68    14.80 kB       200
      198.51.100.60:5004 → 192.168.1.20:51903 UDP          23.68    14.80 kB       200
      203.0.113.10:80    → 192.168.1.20:45298 TCP          19.93    12.45 kB        11

      Esc back  ↑↓ scroll  p pause  b Kbps  w 5 s  n names  q quit
      "
    `)
  })

  test('the help', async () => {
    expect(look(await officeState(9.1, { page: 'help' }), 80, 34)).toMatchInlineSnapshot(`
      "
      office.pcapng  replay x1  00:00:09              drops 0  2026-11-22 13:28:31 UTC
      74.97 Kbps  peak 411.70 Kbps  88 frames/s                  651 frames  169.64 kB

      Keys
        ↑ ↓  j k            mark a row; the mark stays with it wherever it goes
        Enter               open the marked row: directions, curves, flows, ports
        Esc                 back: from a page, then from the filter, then the mark
        PgUp PgDn Home End  a page up or down, the first row, the last
        s  S                sort by rate, peak, total, packets, name, and back
        g                   a row is: pair, flow, conversation, host, service, …
        /                   only rows with this text: an address, a name, :443, udp
        w                   the window of rates: 1, 2, 5, 10, 30, 60 s
        b                   the unit: Kbps, bit/s, bytes/s by 1000 or by 1024
        n                   names of hosts where they are known, or addresses only
        p  space            stop the time of the recording, or let it go on
        ← →                 10 s back or on; a minute with Shift, or with [ ]
        .                   one window on, and stop there
        + -                 twice, or half as fast
        Ctrl-L  Ctrl-Z      draw again; leave for a while (fg comes back)
        q  Ctrl-C           quit

      What is shown
        rate                bits on the wire in the window, by the packets’ times
        peak                the busiest second; after g, of the last minute and since
        total               bytes since the start
        packets             in the window
        last … s            a second a column, each row to its own height
        drops               frames the capture lost; dumpcap and tshark tell when they
                            end, and until then nobody knows




      Esc back  ↑↓ scroll  q quit
      "
    `)
  })

  test('a filter that is being typed', async () => {
    const state = await officeState(9.1, { typing: true, filter: 'fd00' })
    expect(renderScreen(state, 80, 24).at(-1)).toMatchInlineSnapshot(
      `"/fd00                                                      Enter keep  Esc clear"`,
    )
  })
})

describe('what there is to say', () => {
  const status = (state: ScreenState, change: Partial<ScreenState['status']>) => ({
    ...state,
    status: { ...state.status, ...change },
  })

  test('before the first frame', async () => {
    const state = { ...status(await officeState(1), { state: 'waiting', replay: null }), frame: null }
    const text = renderScreen(state, 80, 24).join('\n')
    expect(text).toContain('Waiting for the first frame')
    expect(renderScreen({ ...state, status: { ...state.status, state: 'ended' } }, 80, 24).join('\n')).toContain(
      'ended without a single frame',
    )
  })

  test('drops, in words and not by colour alone', async () => {
    const state = await officeState(3)
    const head = (change: Partial<ScreenState['status']>, columns = 80) =>
      renderScreen(status(state, change), columns, 24)[0]
    expect(head({ dropped: 0 })).toContain('  drops 0  ')
    expect(head({ dropped: 1234, frames: 8766 })).toContain('  DROPS 1 234 (12.3%)  ')
    expect(head({ dropped: 1234, frames: 8766 }, 40)).toMatch(/ {2}DROPS 1 234$/)
  })

  test('drops that nobody has told yet, or ever will', async () => {
    const state = await officeState(3)
    const head = (dropsToCome: boolean, replay: ScreenState['status']['replay'], columns = 80) =>
      renderScreen(status(state, { dropped: null, dropsToCome, replay }), columns, 24)[0]
    const { replay } = state.status
    expect(head(true, null)).toContain('  drops: told at the end  ')
    expect(head(true, null, 40)).toMatch(/ {2}drops: at end$/)
    expect(head(false, null)).toContain('  drops: not told  ')
    expect(head(false, replay)).toContain('  drops: not recorded  ')
  })

  test('damage, a pause, a notice: on small screens too', async () => {
    const state = await officeState(3)
    const fault = status(state, { fault: 'cut in the block at byte 5000: 4 of 12 bytes' })
    const ended = { ...state, ending: "interface 'va' disappeared" }
    for (const rows of [10, 24]) {
      expect(renderScreen(ended, 80, rows).at(-2)).toBe("interface 'va' disappeared")
      expect(renderScreen(fault, 80, rows).at(-2)).toMatch(/^cut in the block at byte 5000.*shown$/)
      expect(renderScreen({ ...state, notice: 'cannot go back' }, 80, rows).at(-2)).toBe('cannot go back')
    }
    const foreign = status(state, { fault: 'not a capture but plain text', frames: 0 })
    expect(renderScreen(foreign, 80, 24).at(-2)).toBe('not a capture but plain text')
    const paused = status(state, { paused: true, replay: null })
    expect(renderScreen(paused, 80, 24)[0]).toContain('PAUSED')
    expect(renderScreen(paused, 80, 24).at(-2)).toBe('paused; frames are still counted')
  })

  test('in and out, where this machine is known', async () => {
    const state = await officeState(3)
    const frame = { ...state.frame!, inOut: { bitsPerSecondIn: 12_000, bitsPerSecondOut: 3_000 } }
    expect(renderScreen({ ...state, frame }, 80, 24)[1]).toContain('in 12.00 Kbps  out 3.00 Kbps')
  })

  test('what comes from outside cannot act on the terminal', async () => {
    const state = { ...(await officeState(3)), title: 'eth0\x1b[2J', notice: 'a\x07b', nameOf: () => '\x1b]0;x\x07' }
    expect(renderScreen(state, 200, 40).join('\n')).not.toMatch(/[^\P{Cc}\n]/u)
  })

  test('too small for anything', async () => {
    expect(renderScreen(await officeState(3), 20, 4).join('')).toContain('40 × 6 at least')
  })
})

test('whatever the size and the choices: so many lines, none too wide, and styles add nothing', async () => {
  const state = await officeState(6.1)
  const groups = state.frame!.rows.map(({ group }) => group)
  const detail = (await officeState(6.1, { page: 'detail', selectRow: 0 })).detail
  const change = fc.record({
    page: fc.constantFrom<Page>('table', 'detail', 'help'),
    sort: fc.constantFrom(...LIVE_SORTS),
    units: fc.constantFrom(...SCREEN_UNITS),
    names: fc.boolean(),
    filter: fc.constantFrom(
      '',
      'tcp',
      'a filter that is far longer than any line of a small screen could be, and longer',
    ),
    typing: fc.boolean(),
    selected: fc.option(fc.constantFrom(...groups)),
    scroll: fc.nat(50),
  })
  const styled = createScreenStyle(true)
  fc.assert(
    fc.property(change, fc.integer({ min: 1, max: 220 }), fc.integer({ min: 1, max: 60 }), (some, columns, rows) => {
      const changed = { ...state, detail, choices: { ...state.choices, ...some } }
      const lines = renderScreen(changed, columns, rows)
      expect(lines.length).toBe(rows)
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
      const withStyle = renderScreen({ ...changed, style: styled }, columns, rows)
      expect(withStyle.map((line) => stripVTControlCharacters(line))).toEqual(lines)
      expect(layOut(changed, columns, rows).page).toBeGreaterThan(0)
    }),
  )
})

test('the marked row is on the screen, wherever it stands', async () => {
  for (let row = 0; row < 20; row++) {
    const state = await officeState(20.1, { selectRow: row })
    expect(renderScreen(state, 80, 12).some((line) => line.startsWith('› '))).toBe(true)
  }
})
