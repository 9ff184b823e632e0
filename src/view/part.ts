/** A part of the page: its element stays, and is made to show one picture after the other. */
import type { Picture } from './state.ts'

export interface Part {
  readonly element: HTMLElement
  draw(picture: Picture): void
}
