import type { LabelledStream } from './anomaly-streams.ts'

/** Prices of the rule: what a missed fault and a false alarm cost when the earliest possible hit earns 1. */
export interface AlarmPrices {
  readonly miss: number
  readonly falseAlarm: number
}

/** As in the public benchmark's three profiles. */
export const alarmPrices = {
  standard: { miss: 1, falseAlarm: 0.11 },
  'few false alarms': { miss: 1, falseAlarm: 0.22 },
  'few misses': { miss: 2, falseAlarm: 0.055 },
} as const satisfies Record<string, AlarmPrices>

/** Rows of a stream in which nothing is judged: 15 %, at most 750. */
export const probation = (n: number): number => Math.floor(0.15 * Math.min(n, 5000))

/** Share of a stream that its windows take together; each is centred on the onset of a fault. */
const windowShare = 0.1

/** The windows of a stream's faults, as indices from and to (excluded). */
export function windowsOf({ at, faults }: LabelledStream): [from: number, to: number][] {
  const n = at.length
  const half = Math.max(2, Math.round((windowShare * n) / faults.length / 2))
  return faults.map(([onset]) => [Math.max(probation(n), onset - half), Math.min(n, onset + half)])
}

/** From 1 far before 0 over 0 to −1 far after it. */
const sigmoid = (x: number) => 2 / (1 + Math.exp(5 * x)) - 1
const earliest = sigmoid(-1)

export interface AlarmTally {
  readonly gained: number
  readonly best: number
  readonly worst: number
  readonly hits: number
  readonly windows: number
  readonly falseAlarms: number
}

/**
 * What the alarms (scores of at least `threshold`) of a stream are worth. The first in each window earns by its place, 1 at the
 * window's first row falling to 0 at its last; a window without one costs `miss`. Every alarm outside all windows costs
 * `falseAlarm`, less right behind a window (nothing at its end, all of it from three widths on). Alarms in probation do not count.
 */
export function tallyAlarms(
  stream: LabelledStream,
  scores: ArrayLike<number>,
  threshold: number,
  { miss, falseAlarm }: AlarmPrices,
): AlarmTally {
  const windows = windowsOf(stream)
  const first = windows.map(() => -1)
  let gained = 0
  let falseAlarms = 0
  for (let i = probation(stream.at.length); i < stream.at.length; i++) {
    if (!(scores[i] >= threshold)) continue
    const inside = windows.findIndex(([from, to]) => i >= from && i < to)
    if (inside >= 0) {
      if (first[inside] < 0) first[inside] = i
      continue
    }
    falseAlarms++
    const before = windows.findLast(([, to]) => to <= i)
    const x = before === undefined ? Number.POSITIVE_INFINITY : (i - before[1] + 1) / (before[1] - before[0])
    gained += falseAlarm * (x > 3 ? -1 : sigmoid(x))
  }
  windows.forEach(([from, to], w) => {
    gained += first[w] < 0 ? -miss : sigmoid(-(to - first[w]) / (to - from)) / earliest
  })
  const hits = first.filter((i) => i >= 0).length
  const count = windows.length
  return { gained, best: count, worst: -miss * count, hits, windows: count, falseAlarms }
}

/** Several streams together on the scale on which silence is 0 and the earliest possible alarms alone are 100. */
export function normedScore(tallies: readonly AlarmTally[]): number {
  const sum = (of: (tally: AlarmTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  const worst = sum(({ worst }) => worst)
  return (100 * (sum(({ gained }) => gained) - worst)) / (sum(({ best }) => best) - worst)
}
