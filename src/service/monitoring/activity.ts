import type { Store } from '../../store/store.ts'

const hourMs = 3_600_000
const hours = 24

/** What a target sent of late. */
export interface Activity {
  /** Hourly counts of the last 24 hours, oldest first; the last one is the hour that runs. */
  readonly counts: readonly number[]
  readonly lastDay: number
  readonly lastSeenAt: number | null
}

const hourOf = (at: number) => Math.floor(at / hourMs) * hourMs

function spread(byHour: ReadonlyMap<number, number>, now: number): Pick<Activity, 'counts' | 'lastDay'> {
  const first = hourOf(now) - (hours - 1) * hourMs
  const counts = Array.from({ length: hours }, (_, index) => byHour.get(first + index * hourMs) ?? 0)
  return { counts, lastDay: counts.reduce((sum, n) => sum + n, 0) }
}

/** Reads activity from counts that the store keeps anyway, and remembers what cannot change any more. */
export function createActivity(store: Pick<Store, 'profiles' | 'samples' | 'telemetry'>) {
  /** The newest sample of a deployment, as long as its newest hour holds as many samples. */
  const newest = new Map<string, { readonly hour: number; readonly n: number; readonly at: number | null }>()
  /** Points of whole hours, by device. */
  const past = new Map<string, Map<number, number>>()

  async function newestSampleAt(deploymentId: string, hour: number, n: number): Promise<number | null> {
    const known = newest.get(deploymentId)
    if (known?.hour === hour && known.n === n) return known.at
    const { items } = await store.samples.list(
      { deploymentId, window: { from: hour, to: hour + hourMs } },
      { limit: 1, cursor: null },
    )
    const at = items[0]?.at ?? null
    newest.set(deploymentId, { hour, n, at })
    return at
  }

  async function countPoints(
    deviceId: string,
    channel: string,
    from: number,
    now: number,
  ): Promise<Map<number, number>> {
    const known = past.get(deviceId) ?? new Map<number, number>()
    past.set(deviceId, known)
    for (const hour of known.keys()) if (hour < from) known.delete(hour)
    const counts = new Map(known)
    for (let hour = from; hour <= now; hour += hourMs) {
      if (counts.has(hour)) continue
      const { at } = await store.telemetry.read({ deviceId, channel, window: { from: hour, to: hour + hourMs } })
      counts.set(hour, at.length)
      // Late points may still come for a while; a device that was away sends its backlog then.
      if (hour + 2 * hourMs < now) known.set(hour, at.length)
    }
    return counts
  }

  return {
    async ofDeployment(deploymentId: string, now: number): Promise<Activity> {
      const from = hourOf(now) - (hours - 1) * hourMs
      // What lies ahead within the clock's tolerance counts as now.
      const recent = await store.profiles.activity({ deploymentId, window: { from, to: hourOf(now) + 48 * hourMs } })
      const all =
        recent.length > 0 ? recent : await store.profiles.activity({ deploymentId, window: { from: 0, to: from } })
      const last = all.at(-1)
      return {
        ...spread(new Map(recent.map(({ hour, n }) => [hour, n])), now),
        lastSeenAt: last === undefined ? null : await newestSampleAt(deploymentId, last.hour, last.n),
      }
    },

    /** Counts the points of the channel that reports least often. */
    async ofDevice(deviceId: string, now: number): Promise<Activity> {
      const channels = await store.telemetry.channels(deviceId)
      if (channels.length === 0) return { ...spread(new Map(), now), lastSeenAt: null }
      const rate = ({ points, from, to }: (typeof channels)[number]) => points / (to - from + 1)
      const slowest = channels.reduce((a, b) => (rate(b) < rate(a) ? b : a))
      const lastSeenAt = Math.max(...channels.map(({ to }) => to))
      const from = hourOf(now) - (hours - 1) * hourMs
      const counts = lastSeenAt < from ? new Map() : await countPoints(deviceId, slowest.channel, from, now)
      return { ...spread(counts, now), lastSeenAt }
    },
  }
}
