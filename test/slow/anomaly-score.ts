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
  'few misses': { miss: 2, falseAlarm: 0.11 },
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

/** Share of all rows that a threshold chosen in hindsight may tell at most; more alarms than that never pay. */
const mostTold = 0.03

/** The one threshold over several streams that turns out best afterwards, and what it reaches on the scale of `normedScore`. */
export function bestInHindsight(
  streams: readonly LabelledStream[],
  scores: readonly ArrayLike<number>[],
  { miss, falseAlarm }: AlarmPrices,
): { threshold: number; score: number } {
  const all = Float64Array.from(scores.flatMap((of) => Array.from(of))).sort()
  const floor = all[Math.floor((1 - mostTold) * all.length)]
  const steps: { readonly score: number; readonly window: number; readonly worth: number }[] = []
  let windowCount = 0
  streams.forEach((stream, s) => {
    const windows = windowsOf(stream)
    for (let i = probation(stream.at.length); i < stream.at.length; i++) {
      if (scores[s][i] <= floor) continue
      const inside = windows.findIndex(([from, to]) => i >= from && i < to)
      const [from, to] = windows[inside] ?? windows.findLast((window) => window[1] <= i) ?? [0, 0]
      const x = to === 0 ? Number.POSITIVE_INFINITY : (i - to + 1) / (to - from)
      const worth = inside >= 0 ? sigmoid(-(to - i) / (to - from)) / earliest : falseAlarm * (x > 3 ? -1 : sigmoid(x))
      steps.push({ score: scores[s][i], window: inside < 0 ? -1 : windowCount + inside, worth })
    }
    windowCount += windows.length
  })
  steps.sort((a, b) => b.score - a.score)
  const earned: number[] = Array(windowCount).fill(-miss)
  let gained = -miss * windowCount
  let best = { threshold: Number.POSITIVE_INFINITY, gained }
  steps.forEach(({ score, window, worth }, i) => {
    if (window < 0) gained += worth
    else if (worth > earned[window]) {
      gained += worth - earned[window]
      earned[window] = worth
    }
    if (gained > best.gained && score !== steps[i + 1]?.score) best = { threshold: score, gained }
  })
  return { threshold: best.threshold, score: (100 * (best.gained + miss * windowCount)) / (windowCount * (1 + miss)) }
}
