/** Numbers of groups beside packets and bytes, for the span over the whole capture: who asked for them says where they come from. */
import type { ExtraColumn } from './records.ts'

export type MeasureValue = number | string | null

export interface Measures {
  readonly columns: readonly ExtraColumn[]
  /** Of a group; null where there is no such number. Valid from when it was made until more frames are added. */
  value(group: number, column: number): MeasureValue
  /** Of everything, each frame once. */
  total?(column: number): MeasureValue
}

/** The column that a name of `--sort` means: by its name, or by its heading; -1 when there is none. */
export function findMeasure(columns: readonly ExtraColumn[], name: string): number {
  return columns.findIndex((column) => column.name === name || column.title === name)
}
