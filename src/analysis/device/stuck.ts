import { findStuckRuns } from '../../stats/runs.ts'
import type { Span } from './gaps.ts'
import type { ChannelPoints } from './points.ts'

/** Fewer readings than this are no run, however far apart. */
const fewest = 3

export interface StuckSpan extends Span {
  readonly value: number
}

/**
 * Stretches of at least `afterMs` in which a channel reported, and always the same value to within `tolerance`: at whatever
 * level, a dead zero or a plausible reading. Silence proves nothing, so that a stretch ends at any gap longer than
 * `longestGapMs`. O(n).
 */
export function findStuck(
  { at, value }: ChannelPoints,
  limits: { readonly afterMs: number; readonly tolerance: number; readonly longestGapMs: number },
): StuckSpan[] {
  const found: StuckSpan[] = []
  for (const run of findStuckRuns(value, fewest, limits.tolerance)) {
    let first = run.from
    for (let i = run.from + 1; i <= run.to; i++) {
      if (i < run.to && at[i] - at[i - 1] <= limits.longestGapMs) continue
      if (i - first >= fewest && at[i - 1] - at[first] >= limits.afterMs)
        found.push({ from: at[first], to: at[i - 1], value: value[first] })
      first = i
    }
  }
  return found
}
