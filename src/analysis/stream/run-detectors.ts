import { createAdwin, updateAdwin } from '../../stats/adwin.ts'
import { createCusum, updateCusum } from '../../stats/cusum.ts'
import { createDdm, updateDdm } from '../../stats/ddm.ts'
import { createEddm, updateEddm } from '../../stats/eddm.ts'
import { createEwma, updateEwma } from '../../stats/ewma.ts'
import { createHddmAverage, updateHddmAverage } from '../../stats/hddm-average.ts'
import { createHddmWeighted, updateHddmWeighted } from '../../stats/hddm-weighted.ts'
import { createKswin, updateKswin } from '../../stats/kswin.ts'
import { computeMoments, standardDeviationOf } from '../../stats/moments.ts'
import { createPageHinkley, updatePageHinkley } from '../../stats/page-hinkley.ts'
import { createRandom } from '../../stats/random.ts'
import { createSequentialMeanTest, updateSequentialMeanTest } from '../../stats/sequential-mean.ts'
import { findRankAlarm } from '../../stats/sequential-ranks.ts'
import { sayCount, sayNumber } from '../wording.ts'
import type { DetectorName, StreamParameters } from './parameters.ts'

/** Where a detector fired: positions in the stream, counted from 0. */
export interface DetectorRun {
  readonly detector: DetectorName
  readonly name: string
  /** What its alarms are worth. */
  readonly promise: string
  /** Why it was not asked, or null. */
  readonly notAsked: string | null
  readonly alarms: readonly { readonly index: number; readonly direction?: string }[]
  /** Where a warning begins, for detectors that warn. */
  readonly warnings: readonly number[]
}

type Level = 'ok' | 'warning' | 'drift'
type Fired = Pick<DetectorRun, 'alarms' | 'warnings'>

/** One value after the other, no look-ahead; values that are no number are passed over by every detector. */
export function runDetectors(
  values: Float64Array,
  wanted: readonly DetectorName[],
  parameters: StreamParameters,
): DetectorRun[] {
  const kind = kindOf(values)
  const chart = chartOf(values, parameters)
  return wanted.map((detector) => {
    const { name, promise, needs, run } = detectors[detector]
    const notAsked =
      needs === 'errors' && kind !== 'errors'
        ? 'it needs errors: 1 for a wrong prediction, 0 for a right one'
        : needs === 'unit' && kind === 'numbers'
          ? 'it needs values in [0, 1]'
          : needs === 'chart' && chart === null
            ? `the first ${sayCount(parameters.warmUp)} values do not vary or are too few: set centre and deviation`
            : detector === 'sequentialMean'
              ? whyNotSequential(values, parameters)
              : null
    const fired = notAsked === null ? run(values, parameters, chart ?? { centre: 0, deviation: 1, from: 0 }) : nothing
    return { detector, name, promise, notAsked, ...fired }
  })
}

const nothing: Fired = { alarms: [], warnings: [] }

function kindOf(values: Float64Array): 'errors' | 'unit' | 'numbers' {
  let kind: 'errors' | 'unit' = 'errors'
  for (const x of values) {
    if (Number.isNaN(x)) continue
    if (!(x >= 0 && x <= 1)) return 'numbers'
    if (x !== 0 && x !== 1) kind = 'unit'
  }
  return kind
}

interface Chart {
  readonly centre: number
  readonly deviation: number
  /** First value that is judged. */
  readonly from: number
}

/** Centre and deviation as given, else of the first values, which are then not judged. */
function chartOf(values: Float64Array, { warmUp, centre, deviation }: StreamParameters): Chart | null {
  if (centre !== null && deviation !== null) return { centre, deviation, from: 0 }
  let from = 0
  for (let seen = 0; from < values.length && seen < warmUp; from++) if (Number.isFinite(values[from])) seen++
  const moments = computeMoments(values.subarray(0, from))
  const spread = deviation ?? standardDeviationOf(moments) ?? 0
  if (moments.n < warmUp || !(spread > 0) || !Number.isFinite(spread)) return null
  return { centre: centre ?? moments.mean, deviation: spread, from }
}

function whyNotSequential(
  values: Float64Array,
  { sequentialMean: { limit, low, high } }: StreamParameters,
): string | null {
  if (limit === null) return 'set sequentialMean.limit to the mean that is tolerated'
  return values.some((x) => !Number.isNaN(x) && !(x >= low && x <= high))
    ? `a value lies outside ${sayNumber(low)} to ${sayNumber(high)}: set sequentialMean.low and sequentialMean.high`
    : null
}

const alarmsWhere = (values: Float64Array, update: (value: number) => boolean): Fired => {
  const alarms: { index: number }[] = []
  values.forEach((value, index) => {
    if (update(value)) alarms.push({ index })
  })
  return { alarms, warnings: [] }
}

/** Alarms where a level becomes drift, warnings where it becomes a warning. */
function levelsOf(values: Float64Array, update: (value: number) => Level): Fired {
  const [alarms, warnings]: [{ index: number }[], number[]] = [[], []]
  let before: Level = 'ok'
  values.forEach((value, index) => {
    if (Number.isNaN(value)) return
    const level = update(value)
    if (level === 'drift' && before !== 'drift') alarms.push({ index })
    if (level === 'warning' && before !== 'warning') warnings.push(index)
    before = level
  })
  return { alarms, warnings }
}

interface Detector {
  readonly name: string
  readonly promise: string
  readonly needs: 'any' | 'unit' | 'errors' | 'chart'
  readonly run: (values: Float64Array, parameters: StreamParameters, chart: Chart) => Fired
}

const noRate = 'promises no rate of false alarms'

const detectors: Record<DetectorName, Detector> = {
  adwin: {
    name: 'ADWIN',
    promise: 'false alarms bounded at delta for each cut; over a long stream more',
    needs: 'any',
    run(values, { adwin }) {
      const state = createAdwin(adwin)
      return alarmsWhere(values, (value) => Number.isFinite(value) && updateAdwin(state, value))
    },
  },
  pageHinkley: {
    name: 'Page–Hinkley',
    promise: `${noRate}: its threshold must fit the scale of the data`,
    needs: 'any',
    run(values, { pageHinkley }) {
      const state = createPageHinkley(pageHinkley)
      return alarmsWhere(values, (value) => updatePageHinkley(state, value))
    },
  },
  kswin: {
    name: 'KSWIN',
    promise: 'tests at alpha at each value: false alarms are certain in the long run',
    needs: 'any',
    run(values, { kswin, seed }) {
      const state = createKswin(createRandom(seed), kswin)
      return alarmsWhere(values, (value) => updateKswin(state, value))
    },
  },
  ddm: {
    name: 'DDM',
    promise: noRate,
    needs: 'errors',
    run(values, { ddm }) {
      const state = createDdm(ddm)
      return levelsOf(values, (value) => updateDdm(state, value))
    },
  },
  eddm: {
    name: 'EDDM',
    promise: `${noRate}; its default shares alarm often without a change`,
    needs: 'errors',
    run(values, { eddm }) {
      const state = createEddm(eddm)
      return levelsOf(values, (value) => updateEddm(state, value))
    },
  },
  hddmA: {
    name: 'HDDM-A',
    promise: 'bounded at driftAlpha for one look; over a long stream more',
    needs: 'unit',
    run(values, { hddm: { weight: _, ...options } }) {
      const state = createHddmAverage(options)
      return levelsOf(values, (value) => updateHddmAverage(state, value))
    },
  },
  hddmW: {
    name: 'HDDM-W',
    promise: 'bounded at driftAlpha for one look; over a long stream more',
    needs: 'unit',
    run(values, { hddm }) {
      const state = createHddmWeighted(hddm)
      return levelsOf(values, (value) => updateHddmWeighted(state, value))
    },
  },
  cusum: {
    name: 'CUSUM',
    promise: 'one false alarm in about 370 independent normal values with the default limit',
    needs: 'chart',
    run(values, { cusum }, { centre, deviation, from }) {
      const state = createCusum(centre, deviation, cusum.slack, cusum.limit)
      const alarms: { index: number; direction: string }[] = []
      values.forEach((value, index) => {
        const { alarm } = index < from ? { alarm: null } : updateCusum(state, value)
        if (alarm !== null) alarms.push({ index, direction: alarm })
      })
      return { alarms, warnings: [] }
    },
  },
  ewma: {
    name: 'EWMA',
    promise: 'one false alarm in about 500 independent normal values with the default width',
    needs: 'chart',
    run(values, { ewma }, { centre, deviation, from }) {
      const state = createEwma(centre, deviation, ewma.weight, ewma.width)
      const alarms: { index: number; direction: string }[] = []
      let wasOut = false
      values.forEach((value, index) => {
        if (index < from || !Number.isFinite(value)) return
        const { isOut, average, high } = updateEwma(state, value)
        if (isOut && !wasOut) alarms.push({ index, direction: average > high ? 'up' : 'down' })
        wasOut = isOut
      })
      return { alarms, warnings: [] }
    },
  },
  sequentialMean: {
    name: 'Sequential test of the mean',
    promise: 'while the mean keeps to the limit it ever alarms with probability at most alpha, however long the stream',
    needs: 'any',
    run(values, { sequentialMean: { limit, ...options } }) {
      const create = () => createSequentialMeanTest(limit ?? 0.5, options)
      let state = create()
      return alarmsWhere(values, (value) => {
        const { alarm } = updateSequentialMeanTest(state, value)
        if (alarm) state = create()
        return alarm
      })
    },
  },
  sequentialRanks: {
    name: 'Sequential test of ranks',
    promise:
      'while values are independent draws of one law it ever alarms with probability at most alpha, however long the stream',
    needs: 'any',
    run(values, { sequentialRanks: { alpha }, seed }) {
      const random = createRandom(seed)
      const alarms: { index: number; direction: string }[] = []
      // After an alarm it begins anew with what follows.
      for (let from = 0; from < values.length; ) {
        const alarm = findRankAlarm(values.subarray(from), random, alpha)
        if (alarm === null) break
        alarms.push({ index: from + alarm.index, direction: alarm.claims })
        from += alarm.index + 1
      }
      return { alarms, warnings: [] }
    },
  },
}
