import { type DetectorName, detectorName, parametersOfStream } from '../../../analysis/stream/parameters.ts'
import { type DetectorRun, runDetectors } from '../../../analysis/stream/run-detectors.ts'
import { sayCount, sayList, sayMany } from '../../../analysis/wording.ts'
import { parseNumber } from '../../../collect/files/infer-columns.ts'
import type { Cell } from '../../../collect/files/tabular.ts'
import type { Headline } from '../../../contract/primitives.ts'
import { type DataFile, problemsOf, readDataFile, requireColumn } from '../data-file.ts'
import { CliFault } from '../fault.ts'
import { suggest } from '../near-matches.ts'
import { type CommonOptions, parseParameters } from '../options.ts'
import { formatTable } from '../output.ts'
import type { Asked } from './asked.ts'

export interface StreamOptions extends CommonOptions {
  readonly data: string
  readonly value: string
  readonly time?: string
  readonly detector?: string[]
}

/** Runs detectors of change over one column in the file's order and says where each fired. */
export async function askStream(options: StreamOptions): Promise<Asked> {
  const parameters = parseParameters(parametersOfStream, options.set ?? {})
  const wanted = wantedDetectors(options.detector)
  const file = await readDataFile(options.data)
  requireColumn(file, options.value, '--value')
  if (options.time !== undefined) requireColumn(file, options.time, '--time')
  const times = options.time === undefined ? null : cellsOf(file, options.time)
  const values = Float64Array.from(cellsOf(file, options.value), (cell) =>
    cell === null ? Number.NaN : parseNumber(cell),
  )
  const n = values.reduce((count, x) => count + (Number.isFinite(x) ? 1 : 0), 0)
  if (n === 0) throw new CliFault(`--value: no value of “${options.value}” is a number`)
  const runs = runDetectors(values, wanted, parameters)
  const place = (index: number) => (times === null ? { index } : { index, time: times[index] })
  const missing = values.length - n
  const { errors, errorCount } = file.tabular
  return {
    headline: headlineOf(runs, n, (index) => sayPlace(index, times)),
    json: {
      n,
      missing,
      detectors: runs.map(({ alarms, warnings, ...run }) => ({
        ...run,
        alarms: alarms.map(({ index, ...rest }) => ({ ...place(index), ...rest })),
        warnings: warnings.map(place),
      })),
    },
    files: {
      data: {
        path: file.path,
        rows: values.length,
        problemCount: errorCount,
        problems: errors.slice(0, 100),
        leftOut: [],
      },
    },
    parameters,
    notes: [
      ...problemsOf(file.path, errors, errorCount),
      ...(missing === 0
        ? []
        : [`${file.path}: ${sayMany(missing, 'row')} without a finite number in ${options.value}: passed over`]),
    ],
    measured: runs.map(({ detector, alarms, notAsked }) => ({
      metric: 'alarms',
      of: detector,
      value: notAsked === null ? alarms.length : null,
      interval: null,
      n,
      pValue: null,
      ...(notAsked !== null && { note: notAsked }),
    })),
    text: () => textOf(runs, (index) => sayPlace(index, times)),
  }
}

const cellsOf = ({ tabular }: DataFile, column: string): readonly Cell[] =>
  tabular.cells[tabular.columns.indexOf(column)]

function wantedDetectors(names: readonly string[] | undefined): DetectorName[] {
  if (names === undefined || names.length === 0) return [...detectorName.options]
  return names.map((name) => {
    const known = detectorName.safeParse(name)
    if (!known.success)
      throw new CliFault(`--detector: there is no detector “${name}”${suggest(name, detectorName.options)}`)
    return known.data
  })
}

const sayPlace = (index: number, times: readonly Cell[] | null): string =>
  times === null ? `row ${sayCount(index + 1)}` : String(times[index] ?? `row ${sayCount(index + 1)}`)

/** Only what bounds its false alarms over the whole stream makes a breach. */
const bounded: ReadonlySet<DetectorName> = new Set(['sequentialMean', 'sequentialRanks'])

function headlineOf(runs: readonly DetectorRun[], n: number, say: (index: number) => string): Headline {
  const asked = runs.filter(({ notAsked }) => notAsked === null)
  if (asked.length === 0) return { status: 'insufficient', text: `no detector could be asked: ${runs[0]?.notAsked}` }
  const fired = asked.filter(({ alarms }) => alarms.length > 0)
  const among = `${sayCount(fired.length)} of ${sayMany(asked.length, 'detector')}`
  if (fired.length === 0) return { status: 'ok', text: `no change in ${sayMany(n, 'value')}: ${among} fired` }
  const first = fired.reduce((a, b) => (b.alarms[0].index < a.alarms[0].index ? b : a))
  const sure = fired.find(({ detector }) => bounded.has(detector))
  if (sure !== undefined)
    return {
      status: 'breach',
      text: `the stream has changed: ${sure.name} at ${say(sure.alarms[0].index)}; ${among} fired in ${sayMany(n, 'value')}`,
    }
  return {
    status: 'warning',
    text: `${among} fired in ${sayMany(n, 'value')} (${sayList(fired.map(({ name }) => name))}), the first ${first.name} at ${say(first.alarms[0].index)}`,
  }
}

const mostPlaces = 5

function textOf(runs: readonly DetectorRun[], say: (index: number) => string): string {
  const places = (indices: readonly number[]) =>
    indices.slice(0, mostPlaces).map(say).join(', ') +
    (indices.length > mostPlaces ? ` and ${sayCount(indices.length - mostPlaces)} more` : '')
  return formatTable(
    [
      { title: 'detector' },
      { title: 'alarms', align: 'right' },
      { title: 'warnings', align: 'right' },
      { title: 'at' },
      { title: 'what an alarm is worth' },
    ],
    runs.map(({ name, promise, notAsked, alarms, warnings }) => [
      name,
      notAsked === null ? String(alarms.length) : '-',
      notAsked === null ? String(warnings.length) : '-',
      notAsked === null ? places(alarms.map(({ index }) => index)) : '',
      notAsked ?? promise,
    ]),
  )
}
