/** The head of the screen: what is looked at, whether it runs, how much there is of everything. */
import { printable } from '../loggers/printable.ts'
import { displayWidth } from '../loggers/text-table.ts'
import { formatClock, formatDate } from '../loggers/time-text.ts'
import { formatRate, formatShare } from '../loggers/units.ts'
import type { LiveStatus } from '../pipeline/live-frame.ts'
import { curve } from './curves.ts'
import { elideMiddle } from './fit-text.ts'
import { joinEnds, type Piece } from './join-ends.ts'
import { bytesCell, countCell } from './numbers.ts'
import type { ScreenState } from './screen-state.ts'

/** Narrower than this a line has no room for explanations, nor for the date. */
const NARROW = 60
/** Seconds in the curve of everything, one a column. */
const CURVE_COLUMNS = 60
const NS_PER_SECOND = 1_000_000_000n

/** Two lines. */
export function headerLines(state: ScreenState, width: number): string[] {
  const { style, status } = state
  const title = elideMiddle(printable(state.title), Math.max(8, Math.min(displayWidth(state.title), width - 24)))
  const right = [dropsPiece(state, width), ...(width < NARROW ? [] : clockPieces(status))]
  const first = joinEnds([{ text: title, shown: style.bold(title) }, ...statePieces(state)], right, width)
  return [first, joinEnds(trafficPieces(state), countPieces(state), width)]
}

function statePieces({ status, style }: ScreenState): Piece[] {
  const { replay, state } = status
  const pieces: Piece[] = []
  if (status.paused) pieces.push({ text: ' PAUSED ', shown: style.reverse(style.bold(' PAUSED ')) })
  const ended = replay === null ? 'capture ended' : 'end of file'
  if (state === 'ended') pieces.push({ text: ended, shown: style.bold(ended) })
  else if (state === 'waiting') pieces.push({ text: replay === null ? 'waiting' : 'opening' })
  else if (replay === null) pieces.push({ text: 'live' })
  if (replay !== null && state !== 'ended') pieces.push({ text: `replay x${speedText(replay.speed)}` })
  if (replay?.seeking) pieces.push({ text: 'seeking' })
  pieces.push({ text: elapsedText(status.elapsedNs) })
  return pieces
}

function speedText(speed: number): string {
  return speed >= 1 ? String(Math.round(speed * 100) / 100) : String(Number(speed.toPrecision(3)))
}

/** `00:01:23`; days are hours too. */
function elapsedText(ns: bigint): string {
  const seconds = Number(ns / NS_PER_SECOND)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

function clockPieces({ nowNs }: LiveStatus): Piece[] {
  if (nowNs === null) return []
  const clock = `${formatClock(nowNs, 0)} UTC`
  const dated = `${formatDate(nowNs)} ${clock}`
  return [{ text: dated }]
}

function trafficPieces({ frame, status, style, choices }: ScreenState): Piece[] {
  if (frame === null) {
    const text =
      status.state === 'ended' ? 'no frames' : status.state === 'waiting' ? 'no frame yet' : 'the first second'
    return [{ text }]
  }
  const { all, inOut } = frame
  const rate = formatRate(all.bitsPerSecond, choices.units)
  const pieces: Piece[] = [{ text: rate, shown: style.bold(rate) }]
  if (inOut !== null) {
    pieces.push({ text: `in ${formatRate(inOut.bitsPerSecondIn, choices.units)}` })
    pieces.push({ text: `out ${formatRate(inOut.bitsPerSecondOut, choices.units)}` })
  }
  pieces.push({ text: `peak ${formatRate(all.peakBitsPerSecond, choices.units)}` })
  const perSecond = all.packets / choices.windowSeconds
  pieces.push({
    text: `${countCell(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond))} frames/s`,
  })
  return pieces
}

function dropsPiece({ status, style }: ScreenState, width: number): Piece {
  const { frames, dropped } = status
  if (dropped === null) return { text: `drops: ${unknownDrops(status, width)}` }
  if (dropped === 0) return { text: 'drops 0' }
  const share = width < NARROW ? '' : ` (${formatShare(dropped, frames + dropped)})`
  const text = `DROPS ${countCell(dropped)}${share}`
  return { text, shown: style.alarm(text) }
}

/**
 * In words, because no number could be given in good faith: dumpcap and tshark count what their ring lost, say so when they end,
 * and the kernel tells nobody else. The counters of the interface are no substitute: with the usual offloads they count other
 * packets than a capture sees, with a filter more.
 */
function unknownDrops({ dropsToCome, replay }: LiveStatus, width: number): string {
  if (dropsToCome) return width < NARROW ? 'at end' : 'told at the end'
  return replay === null || width < NARROW ? 'not told' : 'not recorded'
}

function countPieces({ status, choices }: ScreenState): Piece[] {
  return [{ text: `${countCell(status.frames)} frames` }, { text: bytesCell(status.bytes, choices.units) }]
}

/** Everything in the last minute, with what its height stands for. */
export function overviewLines({ frame, style, choices }: ScreenState, width: number, height: number): string[] {
  const columns = Math.min(CURVE_COLUMNS, width)
  const window = `window ${choices.windowSeconds} s`
  if (frame === null) return Array.from({ length: height }, () => '')
  const label = (line: number) => {
    if (line === height - 1) return window
    return line === 0 ? `to ${formatRate(Math.max(0, ...frame.all.history), choices.units)}` : `last ${columns} s`
  }
  return curve(frame.all.history, columns, height).map((text, line) =>
    joinEnds([{ text, shown: style.curve(text) }], [{ text: label(line), shown: style.dim(label(line)) }], width),
  )
}
