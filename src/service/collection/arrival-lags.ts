import type { Window } from '../../contract/primitives.ts'

const hourMs = 3_600_000
/** Hours that are kept of a device. */
const mostHours = 48
/** What comes later than this was kept back or imported, and tells nothing of a clock. */
const longestLagMs = 86_400_000

/** What of a reading or a sample tells of a device's clock. */
interface Told {
  readonly deviceId: string | null
  readonly at: number
}

/**
 * How long after its event time a device's data arrives, at the least: one number an hour of arrival, in memory, for two days. The
 * least is nearest to how far the device's clock is behind, as all the rest is delivery; it is negative where the clock is ahead.
 */
export function createArrivalLags(now: () => number) {
  const leastOf = new Map<string, Map<number, number>>()
  return {
    note(arrived: readonly Told[]): void {
      const instant = now()
      const hour = Math.floor(instant / hourMs)
      for (const { deviceId, at } of arrived) {
        const lag = instant - at
        if (deviceId === null || lag > longestLagMs) continue
        const hours = leastOf.get(deviceId) ?? new Map<number, number>()
        leastOf.set(deviceId, hours)
        hours.set(hour, Math.min(lag, hours.get(hour) ?? lag))
        // Hours are entered in order, the oldest first.
        if (hours.size > mostHours) hours.delete(hours.keys().next().value ?? hour)
      }
    },
    /** The least lag, ms, of each hour that reaches into a window of arrival. */
    read(deviceId: string, { from, to }: Window): number[] {
      return [...(leastOf.get(deviceId) ?? [])].flatMap(([hour, lag]) =>
        hour * hourMs < to && (hour + 1) * hourMs > from ? [lag] : [],
      )
    },
  }
}
