import type { ExportedAnalysis, ExportedEntry, ExportedRecords, ExportedReports, Manifest } from '../shape.ts'
import type { Chart } from './chart.ts'

/** Raised whenever the same data would give another report: verification writes the report again and compares. */
export const reportWriter = 'assay-report 2'
/** Wrote what it knew then: the leading tables of the answers about releases, and one line for every answer of monitoring. */
const writerWithoutParts = 'assay-report 1'
/** Writers whose reports can be written again here. */
export const knownWriters: readonly string[] = [writerWithoutParts, reportWriter]
export const drawsParts = ({ manifest }: Pick<ReportData, 'manifest'>): boolean =>
  manifest.writer !== writerWithoutParts

/** What the report is written from: nothing that is not in the file as data too. */
export interface ReportData {
  readonly manifest: Omit<Manifest, 'files'>
  readonly records: ExportedRecords
  readonly analyses: readonly ExportedAnalysis[]
  readonly reports: ExportedReports
  readonly entries: readonly ExportedEntry[]
}

export type Tone = 'good' | 'bad' | 'unsure' | 'plain'

/** A cell of a table; a tone is shown by a word or sign besides a colour. */
export type Cell = string | { readonly text: string; readonly tone: Tone }

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | {
      readonly kind: 'table'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly Cell[])[]
      /** Shares of the width, one a column. */
      readonly widths: readonly number[]
    }

/** The stamp on the cover. */
export interface Hallmark {
  readonly status: 'certified' | 'refused' | 'open'
  readonly word: string
  readonly lines: readonly string[]
}

/** A report before it has a form: what HTML and PDF are both made of. */
export interface ReportDocument {
  readonly title: string
  readonly subtitle: string
  readonly createdAt: number
  readonly facts: readonly (readonly [string, string])[]
  readonly hallmarks: readonly Hallmark[]
  readonly blocks: readonly Block[]
  readonly footer: string
}

export const heading = (level: 1 | 2 | 3, text: string): Block => ({ kind: 'heading', level, text })
/** A still chart, drawn alike on every surface. */
export const chart = (drawn: Chart): Block => ({ kind: 'chart', chart: drawn })
export const text = (words: string): Block => ({ kind: 'text', text: words })
export const facts = (...rows: (readonly [string, string | null])[]): Block => ({
  kind: 'facts',
  rows: rows.map(([name, value]) => [name, value ?? 'not stated'] as const),
})

/** A table, or a sentence where it would have no rows. */
export const table = (
  columns: readonly (readonly [name: string, width: number])[],
  rows: readonly (readonly Cell[])[],
  nothing: string,
): Block =>
  rows.length === 0
    ? text(nothing)
    : { kind: 'table', columns: columns.map(([name]) => name), widths: columns.map(([, width]) => width), rows }

/** First digits of a digest, enough to compare by eye. */
export const shortDigest = (digest: string | null): string => (digest === null ? 'none' : `${digest.slice(0, 12)}…`)
