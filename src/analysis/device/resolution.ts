import { robustCentre } from '../../stats/robust.ts'
import type { ChannelPoints } from './points.ts'

const fewest = 100
const mostCompared = 5000
/** Values are coarser when there are at most so many of them for one before, while they spread at least so much. */
const share = 0.2
const spreadKept = 0.5

export interface Coarser {
  readonly before: number
  readonly now: number
}

/**
 * Whether a channel takes far fewer different values than it did: bits were lost on the way. Equal numbers of the newest readings
 * before and in the window are compared (at least 100); null when nothing can be said or nothing has changed. A channel that
 * moves less is not coarser: the median absolute deviation must have stayed at half at least. O(n log n).
 */
export function findCoarser(before: ChannelPoints, now: ChannelPoints): Coarser | null {
  const n = Math.min(before.value.length, now.value.length, mostCompared)
  if (n < fewest) return null
  const [earlier, later] = [before.value.subarray(-n), now.value.subarray(-n)]
  const counts = { before: new Set(earlier).size, now: new Set(later).size }
  if (counts.now < 2 || counts.now > share * counts.before) return null
  const [spreadBefore, spreadNow] = [robustCentre(earlier)?.mad ?? 0, robustCentre(later)?.mad ?? 0]
  return spreadNow > 0 && spreadNow >= spreadKept * spreadBefore ? counts : null
}
