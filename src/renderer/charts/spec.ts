import type { ChartPalette } from '../app/tokens.ts'

/** ECharts options, kept opaque so that only `Chart.tsx` needs to know the library. */
export type ChartOption = Record<string, unknown>

/** The same data as rows, for people who do not see the drawing, and for copying. */
export type ChartTable = { columns: { header: string; numeric?: boolean }[]; rows: string[][] }

/** One chart: how it is drawn in a palette, what it says in a sentence, and its data as a table. */
export type ChartSpec = {
  option: (palette: ChartPalette) => ChartOption
  description: string
  table: () => ChartTable
}

/** Custom series draw through this, the part of ECharts' render API that is used here. */
export type RenderApi = {
  coord: (point: [number, number]) => [number, number]
  value: (dimension: number) => number
  size: (extent: [number, number]) => [number, number]
}

/** The box in which a custom series draws, in pixels. */
export type RenderParams = {
  dataIndex: number
  coordSys: { x: number; y: number; width: number; height: number }
}
