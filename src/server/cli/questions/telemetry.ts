import { z } from 'zod'
import { type Anomaly, scoreStream } from '../../../analysis/device/anomalies.ts'
import { sayInstant, sayMany } from '../../../analysis/wording.ts'
import { parseNumber } from '../../../collect/files/infer-columns.ts'
import { parseTime } from '../../../collect/files/parse-time.ts'
import type { Cell } from '../../../collect/files/tabular.ts'
import type { Headline } from '../../../contract/primitives.ts'
import { lookScore } from '../../../stats/alarm-gate.ts'
import { streamAnomalyParameters } from '../../../stats/stream-anomaly.ts'
import { type DataFile, problemsOf, readDataFile, requireColumn } from '../data-file.ts'
import { CliFault } from '../fault.ts'
import { type CommonOptions, parseParameters } from '../options.ts'
import { formatTable, formatValue } from '../output.ts'
import type { Asked } from './asked.ts'

export interface TelemetryOptions extends CommonOptions {
  readonly data: string
  readonly time: string
  readonly value: string
}

const parametersOfTelemetry = z.strictObject({
  /** Score from which a value begins an alarm. */
  alarmScore: z.number().positive().max(1).default(lookScore),
})

interface Row {
  /** As the file has it. */
  readonly time: Cell
  readonly value: number | null
  /** In [0, 1]; 0 where there is no value to judge. */
  readonly score: number
  /** Why the row could not be judged as it should. */
  readonly reason?: string
}

interface Alarm {
  readonly from: Cell
  readonly to: Cell
  readonly score: number
  readonly reason: string
}

/** Scores a stream of readings, row by row in the file's order, each by the rows before it alone. */
export async function askTelemetry(options: TelemetryOptions): Promise<Asked> {
  const parameters = parseParameters(parametersOfTelemetry, options.set ?? {})
  const file = await readDataFile(options.data)
  requireColumn(file, options.time, '--time')
  requireColumn(file, options.value, '--value')
  if (options.time === options.value) throw new CliFault(`--value: “${options.value}” is already the time column`)
  const times = cellsOf(file, options.time)
  const values = cellsOf(file, options.value)
  const at = Float64Array.from(times, (cell) => (cell === null ? Number.NaN : (parseTime(cell) ?? Number.NaN)))
  const value = Float64Array.from(values, (cell) => (cell === null ? Number.NaN : parseNumber(cell)))
  const judged = value.reduce((count, x) => count + (Number.isNaN(x) ? 0 : 1), 0)
  if (judged === 0) throw new CliFault(`--value: no value of “${options.value}” is a number`)

  const { scores, anomalies } = scoreStream({ at, value }, parameters.alarmScore)
  const rows = withUnreadRows(
    file,
    Array.from(value, (x, i): Row => {
      const reason = reasonOf(values[i], x, at[i])
      return {
        time: times[i],
        value: Number.isFinite(x) ? x : null,
        score: Number.isNaN(scores[i]) ? 0 : scores[i],
        ...(reason === null ? {} : { reason }),
      }
    }),
  )
  const alarms = anomalies.map(
    ({ first, last, score, reason }: Anomaly): Alarm => ({
      from: times[first],
      to: times[last],
      score,
      reason,
    }),
  )
  const notes = notesOf(file, options, at, value)
  const problems = file.tabular.errors.slice(0, 100)
  const isShort = judged <= streamAnomalyParameters.warmUp
  return {
    headline: headlineOf(judged, alarms, isShort),
    json: { n: rows.length, judged, alarmScore: parameters.alarmScore, rows, alarms },
    files: {
      data: { path: file.path, rows: rows.length, problemCount: file.tabular.errorCount, problems, leftOut: [] },
    },
    parameters,
    notes,
    measured: [
      {
        metric: 'alarms',
        of: null,
        value: isShort ? null : alarms.length,
        interval: null,
        n: judged,
        pValue: null,
        ...(isShort ? { note: sayShort(judged) } : {}),
      },
      {
        metric: 'highestScore',
        of: null,
        value: isShort ? null : rows.reduce((most, { score }) => Math.max(most, score), 0),
        interval: null,
        n: judged,
        pValue: null,
        ...(isShort ? { note: sayShort(judged) } : {}),
      },
    ],
    text: () => textOf(rows, alarms),
  }
}

const cellsOf = ({ tabular }: DataFile, column: string): readonly Cell[] =>
  tabular.cells[tabular.columns.indexOf(column)]

/** Rows of the file that could not be read at all stand at their place too, so that scores and rows stay in step. */
function withUnreadRows({ tabular: { format, rowNumbers, errors } }: DataFile, read: readonly Row[]): Row[] {
  const unread = errors
    // The first line of a CSV file is its header; what is said of it is said of the file.
    .filter(({ row, column }) => column === null && (format !== 'csv' || row > 1))
    .map(({ row, message }) => ({ line: row, row: { time: null, value: null, score: 0, reason: message } }))
  if (unread.length === 0) return [...read]
  return [...read.map((row, i) => ({ line: rowNumbers[i], row })), ...unread]
    .sort((a, b) => a.line - b.line)
    .map(({ row }) => row)
}

function reasonOf(cell: Cell, value: number, at: number): string | null {
  if (cell === null) return 'no value'
  if (Number.isNaN(value)) return `“${String(cell).slice(0, 50)}” is not a number`
  if (!Number.isFinite(value)) return 'the value is infinite'
  return Number.isNaN(at) ? 'no time that can be read; scored in the order of the file' : null
}

const sayShort = (n: number) =>
  `${sayMany(n, 'value')}: the first ${streamAnomalyParameters.warmUp} only teach what is usual`

function headlineOf(n: number, alarms: readonly Alarm[], isShort: boolean): Headline {
  if (isShort) return { status: 'insufficient', text: sayShort(n) }
  if (alarms.length === 0) return { status: 'ok', text: `nothing unusual in ${sayMany(n, 'value')}` }
  const worst = alarms.reduce((a, b) => (b.score > a.score ? b : a))
  const where = `${alarms.length === 1 ? 'from' : 'the worst from'} ${sayTime(worst.from)}`
  return {
    status: 'warning',
    text: `${sayMany(alarms.length, 'alarm')} in ${sayMany(n, 'value')}, ${where}: ${worst.reason}`,
  }
}

/** What kept rows from being judged as they should, counted. */
function notesOf({ path, tabular }: DataFile, options: TelemetryOptions, at: Float64Array, value: Float64Array) {
  const count = (holds: (i: number) => boolean) => value.reduce((sum, _, i) => sum + (holds(i) ? 1 : 0), 0)
  const told = (n: number, what: string) => (n === 0 ? [] : [`${path}: ${sayMany(n, 'row')} ${what}`])
  let latest = Number.NEGATIVE_INFINITY
  let backwards = 0
  for (const instant of at) {
    if (instant < latest) backwards++
    else if (instant > latest) latest = instant
  }
  return [
    ...problemsOf(path, tabular.errors, tabular.errorCount),
    ...told(
      count((i) => Number.isNaN(value[i])),
      `without a number in ${options.value}: score 0, nothing learned`,
    ),
    ...told(
      count((i) => Number.isNaN(at[i])),
      `without a time that can be read in ${options.time}: no season learned from them`,
    ),
    ...told(backwards, 'earlier than a row before them: scored in the order of the file'),
  ]
}

const sayTime = (cell: Cell): string => {
  const at = cell === null ? null : parseTime(cell)
  return at === null ? String(cell ?? 'an unknown time') : sayInstant(at)
}

const mostRows = 10

function textOf(rows: readonly Row[], alarms: readonly Alarm[]): string {
  const highest = rows
    .map(({ score }, i) => ({ score, i }))
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .slice(0, mostRows)
    .filter(({ score }) => score > 0)
  const alarmTable = formatTable(
    [{ title: 'alarm from' }, { title: 'to' }, { title: 'score', align: 'right' }, { title: 'why' }],
    alarms.map(({ from, to, score, reason }) => [sayTime(from), sayTime(to), formatValue(score), reason]),
  )
  const rowTable = formatTable(
    [
      { title: 'highest scores' },
      { title: 'row', align: 'right' },
      { title: 'value', align: 'right' },
      { title: 'score', align: 'right' },
    ],
    highest.map(({ score, i }) => [
      sayTime(rows[i].time),
      String(i + 1),
      formatValue(rows[i].value),
      formatValue(score),
    ]),
  )
  return (alarms.length > 0 ? `${alarmTable}\n` : '') + rowTable
}
