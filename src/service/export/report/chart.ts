/* Small still charts: described once, drawn once as SVG, and set by HTML and PDF alike. */

/** A row with its value, its interval, and a grey tick for what it is held against. */
export interface BarRow {
  readonly name: string
  readonly value: number
  readonly interval: readonly [number, number] | null
  readonly reference?: number | null
  readonly isBad?: boolean
}

/** A line, with a band around it where there is one. */
export interface ChartLine {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly band?: readonly (readonly [low: number, high: number])[]
  readonly isReference?: boolean
}

export type Chart =
  | {
      readonly type: 'bars'
      /** What is measured, with its unit. */
      readonly measure: string
      readonly rows: readonly BarRow[]
      /** Where a limit or nothing at all lies. */
      readonly line?: number
    }
  | {
      readonly type: 'lines'
      readonly x: string
      readonly y: string
      readonly lines: readonly ChartLine[]
      /** A value of x that is marked. */
      readonly mark?: number
    }
  | {
      readonly type: 'grid'
      readonly measure: string
      readonly rows: readonly string[]
      readonly columns: readonly string[]
      /** Value by place; the shade is its share of the largest. A mark stands where it is worse than the rest. */
      readonly cells: readonly {
        readonly row: number
        readonly column: number
        readonly value: number
        readonly said: string
        readonly isBad: boolean
      }[]
    }

/** What a chart shows, for those who do not see it. */
export interface DrawnChart {
  readonly svg: string
  readonly width: number
  readonly height: number
}
