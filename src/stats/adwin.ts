/** Settings of an adaptive window; the defaults are the usual ones. */
export type AdwinOptions = {
  /** Bound on the false-alarm probability of one check; 0.002 when not given. */
  readonly delta?: number
  /** Values between checks; 32 when not given. */
  readonly clock?: number
  /** Buckets of one size before two are merged; 5 when not given. */
  readonly maxBuckets?: number
  /** Fewest values of either part of a cut; 5 when not given. */
  readonly minWindow?: number
  /** Values before the first check; 10 when not given. */
  readonly grace?: number
}

/** State of an adaptive window; plain data, O(log n) numbers. */
export type Adwin = {
  readonly options: Required<AdwinOptions>
  /** Per power of two the totals and centred square sums of its buckets, oldest first. */
  rows: { totals: number[]; squares: number[] }[]
  width: number
  total: number
  /** Centred square sum of the whole window. */
  squares: number
  ticks: number
  hasDrifted: boolean
}

/**
 * Starts an ADWIN detector: a window that grows while its mean is stable and drops its old end when it is not.
 *
 * Source: Bifet and Gavaldà, SIAM Int. Conf. Data Mining (2007) 443. Buckets, clock and cut test follow the widely used
 * streaming implementation: each row's newest bucket is not tried as a cut, and the state starts anew after a detection.
 */
export function createAdwin(options: AdwinOptions = {}): Adwin {
  const { delta = 0.002, clock = 32, maxBuckets = 5, minWindow = 5, grace = 10 } = options
  return {
    options: { delta, clock, maxBuckets, minWindow, grace },
    rows: [{ totals: [], squares: [] }],
    width: 0,
    total: 0,
    squares: 0,
    ticks: 0,
    hasDrifted: false,
  }
}

/** Takes the next value (in place); true when the mean has changed at this value. NaN and infinities change nothing. */
export function updateAdwin(adwin: Adwin, value: number): boolean {
  if (!Number.isFinite(value)) return false
  if (adwin.hasDrifted) Object.assign(adwin, createAdwin(adwin.options))
  insertValue(adwin, value)
  adwin.ticks++
  const isDue = adwin.ticks % adwin.options.clock === 0 && adwin.width > adwin.options.grace
  adwin.hasDrifted = false
  while (isDue && hasCut(adwin)) {
    adwin.hasDrifted = true
    dropOldest(adwin)
  }
  return adwin.hasDrifted
}

/** Mean of the window; null when it is empty. */
export function adwinMean(adwin: Adwin): number | null {
  return adwin.width === 0 ? null : adwin.total / adwin.width
}

function insertValue(adwin: Adwin, value: number): void {
  adwin.rows[0].totals.push(value)
  adwin.rows[0].squares.push(0)
  adwin.width++
  if (adwin.width > 1) {
    const gap = value - adwin.total / (adwin.width - 1)
    adwin.squares += ((adwin.width - 1) * gap * gap) / adwin.width
  }
  adwin.total += value
  for (let row = 0; row < adwin.rows.length; row++) {
    const { totals, squares } = adwin.rows[row]
    if (totals.length <= adwin.options.maxBuckets) break
    if (row + 1 === adwin.rows.length) adwin.rows.push({ totals: [], squares: [] })
    const size = 2 ** row
    const gap = totals[0] / size - totals[1] / size
    adwin.rows[row + 1].totals.push(totals[0] + totals[1])
    adwin.rows[row + 1].squares.push(squares[0] + squares[1] + (size * size * gap * gap) / (2 * size))
    totals.splice(0, 2)
    squares.splice(0, 2)
  }
}

/** Whether some cut of the window leaves an old and a new part whose means differ by more than chance allows. */
function hasCut({ rows, width, total, squares, options }: Adwin): boolean {
  const { delta, minWindow } = options
  const logs = Math.log((2 * Math.log(width)) / delta)
  const variance = squares / width
  let oldN = 0
  let oldTotal = 0
  for (let row = rows.length - 1; row >= 0; row--) {
    const { totals } = rows[row]
    for (let k = 0; k < totals.length - 1; k++) {
      oldN += 2 ** row
      oldTotal += totals[k]
      const newN = width - oldN
      if (oldN < minWindow || newN < minWindow) continue
      const share = 1 / (oldN - minWindow + 1) + 1 / (newN - minWindow + 1)
      const allowed = Math.sqrt(2 * share * variance * logs) + (2 / 3) * logs * share
      if (Math.abs(oldTotal / oldN - (total - oldTotal) / newN) > allowed) return true
    }
  }
  return false
}

function dropOldest(adwin: Adwin): void {
  const last = adwin.rows[adwin.rows.length - 1]
  const size = 2 ** (adwin.rows.length - 1)
  const bucket = last.totals.shift() ?? 0
  const inside = last.squares.shift() ?? 0
  adwin.width -= size
  adwin.total -= bucket
  const gap = bucket / size - adwin.total / adwin.width
  adwin.squares -= inside + (size * adwin.width * gap * gap) / (size + adwin.width)
  if (last.totals.length === 0) adwin.rows.pop()
}
