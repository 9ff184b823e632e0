/** Everything that a picture is drawn from. */
import type { LiveDetail, LiveFrame, LiveStatus } from '../pipeline/live-frame.ts'
import type { Choices } from './choices.ts'
import type { NameOf } from './row-key.ts'
import type { ScreenStyle } from './screen-style.ts'

export interface ScreenState {
  /** The interface, the file: what is looked at. */
  readonly title: string
  readonly frame: LiveFrame | null
  readonly status: LiveStatus
  /** Of the selected row, on the page for it. */
  readonly detail: LiveDetail | null
  readonly choices: Choices
  /** Something to say for a moment; null for nothing. */
  readonly notice: string | null
  /** Why the capture ended by itself, when it did and not well. */
  readonly ending: string | null
  readonly nameOf: NameOf
  readonly style: ScreenStyle
}
